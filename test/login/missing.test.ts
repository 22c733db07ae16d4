import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { text } from '../pipeline-e2e/support/text.ts'
import { east, role } from './support/hosts.ts'
import { type Ended, type Job, openJob } from './support/job.ts'

const kinds: Readonly<Record<string, { env: Readonly<Record<string, string>>; fork: boolean }>> = {
  plain: { env: {}, fork: false },
  fork: { env: { GITHUB_EVENT_NAME: 'pull_request' }, fork: true },
  Dependabot: { env: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_ACTOR: 'dependabot[bot]' }, fork: false },
}

async function eventOf(job: Job, fork: boolean): Promise<string> {
  const path = join(job.root, 'event.json')
  const repo = { full_name: fork ? 'mallory/web' : 'acme/web' }
  await writeFile(path, JSON.stringify({ pull_request: { head: { repo } } }))
  return path
}

async function login(kind: string, inputs: Readonly<Record<string, string>>): Promise<Ended> {
  const { env = {}, fork = false } = kinds[kind] ?? {}
  await using job = await openJob(env)
  return await job.login({ with: inputs, env: { GITHUB_EVENT_PATH: await eventOf(job, fork) } })
}

describe('without an ID token, each kind of job gets its own sentence', () => {
  it.each([
    [
      'plain',
      text`
        ::error::role-to-assume: this job can't ask GitHub for an ID token
        Add to the job: permissions: { id-token: write, contents: read }
        Where its workflow is called by another one, the job that calls it needs them too.
      `,
    ],
    [
      'fork',
      text`
        ::error::role-to-assume: this job can't ask GitHub for an ID token
        It runs for a pull request from a fork, which gets none: do not log in for it; checks, tests and scans go on.
      `,
    ],
    [
      'Dependabot',
      text`
        ::error::role-to-assume: this job can't ask GitHub for an ID token
        It runs for Dependabot, with rights to read alone: do not log in for it, or grant the job permissions: { id-token: write, contents: read }.
      `,
    ],
  ])('%s', async (kind, said) => {
    const { stdout, exitCode } = await login(kind, { registries: east, 'role-to-assume': role })
    expect([exitCode, stdout]).toEqual([1, said])
  })
})

describe('with an empty password, each kind of job gets its own sentence', () => {
  it.each([
    [
      'plain',
      text`
        ::error::input password: empty, and ghcr.io asks for one
        See that the secret exists and that the environment of the job may read it.
        A workflow that another one calls gets secrets only where its caller says secrets: inherit.
      `,
    ],
    [
      'fork',
      text`
        ::error::input password: empty, and ghcr.io asks for one
        A pull request from a fork gets no secrets: do not log in for it.
      `,
    ],
    [
      'Dependabot',
      text`
        ::error::input password: empty, and ghcr.io asks for one
        Dependabot's runs get only Dependabot's own secrets: add it there, or do not log in for it.
      `,
    ],
  ])('%s', async (kind, said) => {
    const { stdout, exitCode } = await login(kind, { registries: 'ghcr.io', username: 'octocat', password: '' })
    expect([exitCode, stdout]).toEqual([1, said])
  })
})

it('a job of pull_request_target has the rights of the base: it is no fork', async () => {
  await using job = await openJob({ GITHUB_EVENT_NAME: 'pull_request_target' })
  const { stdout } = await job.login({
    with: { registries: east, 'role-to-assume': role },
    env: { GITHUB_EVENT_PATH: await eventOf(job, true) },
  })
  expect(stdout).toContain('Add to the job: permissions')
})
