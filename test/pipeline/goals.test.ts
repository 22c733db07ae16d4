import { describe, expect, it } from '@jest/globals'
import type { Config } from '../../src/config/config.ts'
import { UserError } from '../../src/errors.ts'
import { goalsOf, type Wanted } from '../../src/pipeline/goals.ts'
import { planPipeline } from '../../src/pipeline/plan.ts'
import { load, plain } from '../config/given.ts'
import { factsOf } from '../tags/facts.ts'

const dockerfiles = ['Dockerfile', 'worker.Dockerfile'].map(path => ({ path, text: 'FROM scratch' }))
const full = `
images:
  web: { image: acme/web, build: { file: Dockerfile } }
  worker: { image: acme/worker, build: { file: worker.Dockerfile } }
registries: [ghcr.io]
checks: { format: 'true', format-more: 'true', types: 'true' }
`
const configOf = (text: string): Config => load({ text, facts: { ...plain, dockerfiles } }).config

function goals(text: string, wanted: Partial<Wanted> & Pick<Wanted, 'command'>): string {
  const config = configOf(text)
  const plan = planPipeline(config, factsOf())
  return goalsOf({ push: false, only: [], ...wanted }, plan, config)
    .map(({ id }) => id)
    .join(' ')
}

describe('what a command asks for', () => {
  const run = 'gate cache:web cache:worker'
  const lint = 'hadolint:Dockerfile hadolint:worker.Dockerfile'
  const cases: readonly [Partial<Wanted> & Pick<Wanted, 'command'>, string][] = [
    [{ command: 'run' }, run],
    [{ command: 'run', push: true }, `${run} push:web push:worker`],
    [{ command: 'push' }, 'push:web push:worker'],
    [{ command: 'build' }, 'build:web build:worker'],
    [{ command: 'build', push: true }, 'build:web build:worker push:web push:worker'],
    [{ command: 'check' }, `check:format check:format-more check:types ${lint}`],
    [{ command: 'check', only: ['format'] }, 'check:format'],
    [{ command: 'check', only: ['types', 'format'] }, 'check:format check:types'],
    [{ command: 'check', only: ['hadolint'] }, lint],
    [{ command: 'build', only: ['format'] }, 'build:web build:worker'],
  ]
  it.each(cases)('%j: %s', (wanted, expected) => {
    expect(goals(full, wanted)).toBe(expected)
  })

  const least = 'image: acme/web\nhadolint: false\nscan: { source: false, image: false }'
  const nowhere =
    'registries: none is named, so there is nowhere to push to\nName one in pce.yml: registries: [ghcr.io]. As inputs: registries: ghcr.io, or images: ghcr.io/acme/web, or a full reference in tags.'
  const refusals: readonly [string, Partial<Wanted> & Pick<Wanted, 'command'>, string][] = [
    [least, { command: 'push' }, nowhere],
    [least, { command: 'run', push: true }, nowhere],
    [least, { command: 'check' }, 'check: nothing is configured for it; see pce plan'],
    [least, { command: 'scan' }, 'scan: nothing is configured for it; see pce plan'],
    [
      full,
      { command: 'check', only: ['format', 'credo'] },
      'only: there is no check credo; there are: format, format-more, types, hadolint',
    ],
    [
      full,
      { command: 'check', only: ['constructor'] },
      'only: there is no check constructor; there are: format, format-more, types, hadolint',
    ],
  ]
  it.each(refusals)('refused: %j %j', (text, wanted, message) => {
    expect(() => goals(text, wanted)).toThrow(new UserError(message))
  })
})
