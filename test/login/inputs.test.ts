import { describe, expect, it } from '@jest/globals'
import { text } from '../pipeline-e2e/support/text.ts'
import { east, role, west } from './support/hosts.ts'
import { openJob } from './support/job.ts'

const password = 'hunter2-of-nobody'

describe('inputs that are wrong', () => {
  it('all are told at once, nobody is asked, and no secret is quoted', async () => {
    await using job = await openJob()
    const { stdout, exitCode } = await job.login({
      with: {
        registries: 'https://ghcr.io\n12345678901.dkr.ecr.eu-west-1.amazonaws.com',
        'role-to-assume': 'ci',
        'aws-region': 'Ireland',
        'role-duration-seconds': '60',
        'role-chaining': 'maybe',
        'allowed-account-ids': '1234',
        'managed-session-policies': 'ReadOnly',
        'inline-session-policy': 'x',
        'export-credentials': 'perhaps',
        username: 'octocat',
        password,
      },
    })
    expect(exitCode).toBe(1)
    expect(stdout).toBe(text`
      ::error::input registries  found "https://ghcr.io", expected a registry host such as ghcr.io, without a scheme or a path
      input registries  found "12345678901.dkr.ecr.eu-west-1.amazonaws.com", expected a host of ECR such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com or public.ecr.aws: an account has 12 digits, this one has 11
      input export-credentials  found "perhaps", expected true or false
      input role-to-assume  found "ci", expected the ARN of a role: arn:aws:iam::123456789012:role/ci
      input aws-region  found "Ireland", expected a region such as eu-west-1
      input role-duration-seconds  found 60, expected at least 900
      input role-chaining  found "maybe", expected true or false
      input inline-session-policy  found "x", expected text of at least 2 characters
      input managed-session-policies  found "ReadOnly", expected the ARN of a policy
      input allowed-account-ids  found "1234", expected an account of 12 digits, in quotes: YAML takes a bare 012345678901 for a number
    `)
    expect(stdout).not.toContain(password)
  })

  it.each<{ title: string; given: Readonly<Record<string, string>>; said: string }>([
    {
      title: 'a role of another partition',
      given: { registries: '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'role-to-assume': role },
      said: text`
        ::error::role-to-assume: arn:aws:iam::123456789012:role/ci is of aws, and 123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn of aws-cn
        One role can't serve both: log in once for each.
      `,
    },
    {
      title: 'a role of an account that is not allowed',
      given: { registries: west, 'role-to-assume': role, 'allowed-account-ids': '210987654321' },
      said: '::error::allowed-account-ids: arn:aws:iam::123456789012:role/ci is of account 123456789012, and allowed are 210987654321',
    },
    {
      title: 'credentials to export, and no role',
      given: { registries: east, 'export-credentials': 'true' },
      said: '::error::input export-credentials: only the credentials of a role are given on: give role-to-assume',
    },
  ])('$title', async ({ given, said }) => {
    await using job = await openJob({
      ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:9/',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
    })
    const { stdout, exitCode } = await job.login({ with: given })
    expect([exitCode, stdout]).toEqual([1, said])
  })
})
