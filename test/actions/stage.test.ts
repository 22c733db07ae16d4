import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { requestOf } from '../../src/actions/stage.ts'
import type { GitHubHost } from '../../src/host/github.ts'

const before = { ...process.env }
afterEach(() => {
  process.env = { ...before }
})

const none = { overrides: [], variables: {} }
const hostWith = (inputs: Readonly<Record<string, string>>) =>
  ({ read: (name: string) => inputs[name] }) as unknown as GitHubHost
const loginsOf = (name: 'root' | 'build' | 'push', inputs: Readonly<Record<string, string>>) => {
  const { credentials, pullCredentials } = requestOf(name, none, hostWith(inputs))
  return { credentials, pullCredentials }
}
const refusal = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing was refused'
}

/** The environment of a job for a pull request from a fork, which has variables and no secrets. */
async function forFork(folder: string): Promise<void> {
  const path = join(folder, 'event.json')
  await writeFile(path, JSON.stringify({ pull_request: { head: { repo: { full_name: 'other/web' } } } }))
  Object.assign(process.env, {
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: path,
    GITHUB_REPOSITORY: 'acme/web',
  })
}

describe('a login of which the secret is empty', () => {
  it('is none where nothing is pushed', () => {
    for (const name of ['root', 'build'] as const) expect(loginsOf(name, { username: 'me', push: 'false' })).toEqual({})
  })

  it('ends a push, and says why it may be empty', () => {
    process.env.GITHUB_EVENT_NAME = 'push'
    for (const [name, push] of [
      ['root', 'true'],
      ['build', 'true'],
      ['push', 'false'],
    ] as const)
      expect(refusal(() => loginsOf(name, { username: 'me', push }))).toBe(
        'input password: empty, while input username is given\nSee that the secret exists and that the environment of the job may read it.\nA workflow that another one calls gets secrets only where its caller says secrets: inherit.',
      )
  })

  it("of a fork's pull request is none for pulls, and ends a push", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'stage-'))
    await forFork(folder.path)
    expect(loginsOf('build', { 'pull-username': 'me' })).toEqual({})
    expect(refusal(() => loginsOf('build', { username: 'me', push: 'true' }))).toBe(
      'input password: empty, while input username is given\nA pull request from a fork gets no secrets: do not log in for it.',
    )
  })
})
