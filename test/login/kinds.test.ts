import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type Cloud, ciRole, openCloud, trustGitHub } from '../support/aws/cloud.ts'
import type { Job as Claims } from '../support/oidc/claims.ts'
import { east, role } from './support/hosts.ts'
import { openJob } from './support/job.ts'

let cloud: Cloud
beforeAll(async () => {
  cloud = await openCloud({ roles: [{ ...ciRole, trust: trustGitHub('repo:acme/web:ref:refs/heads/release') }] })
})
afterAll(() => cloud[Symbol.asyncDispose]())

it.each<{ title: string; job: Partial<Claims>; hint: string }>([
  {
    title: 'an environment',
    job: { environment: 'production' },
    hint: 'the job runs in the environment production, so sub names it and not the branch.',
  },
  {
    title: 'a pull request',
    job: { event: 'pull_request', ref: 'refs/pull/7/merge' },
    hint: 'this is a pull request: its sub ends in :pull_request, which a policy for a branch does not match.',
  },
  {
    title: 'the immutable form of the subject',
    job: { immutable: true },
    hint: 'the repository has the immutable form of sub, with ids (since July 2026): a policy with the old form does not match it.',
  },
  {
    title: 'a reusable workflow',
    job: { jobWorkflowRef: 'acme/shared/.github/workflows/ship.yml@refs/tags/v1' },
    hint: 'the job is of a reusable workflow: a policy that pins job_workflow_ref must name that one.',
  },
])('a refused job names its own kind: $title', async ({ job: claims, hint }) => {
  cloud.oidc.run(claims)
  await using job = await openJob(cloud.env)
  const { stdout } = await job.login({ with: { registries: east, 'role-to-assume': role } })
  const [first] = stdout.split('\n').filter(line => line.startsWith('Likely: '))
  expect(first).toBe(`Likely: ${hint}`)
})
