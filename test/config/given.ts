import type { Facts } from '../../src/config/guess.ts'
import { type Loaded, type Override, parseConfig } from '../../src/config/load.ts'
import { UserError } from '../../src/errors.ts'

/** A repository with one Dockerfile and nothing else. */
export const plain: Facts = {
  directory: 'web',
  context: '.',
  dockerfiles: [{ path: 'Dockerfile', text: 'FROM scratch' }],
  collections: [],
}

interface Given {
  readonly text?: string | undefined
  readonly overrides?: readonly Override[]
  readonly facts?: Facts
}

export const load = ({ text, overrides = [], facts = plain }: Given): Loaded =>
  parseConfig({ source: text === undefined ? undefined : { file: 'pce.yml', text }, overrides, facts })

/** The whole text of the UserError; any other error goes on, and none at all is told. */
export function refusal(attempt: () => unknown): string {
  try {
    attempt()
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  return 'no error'
}
