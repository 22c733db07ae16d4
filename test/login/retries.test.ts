import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import { east, role } from './support/hosts.ts'
import { type Ended, openJob } from './support/job.ts'

let cloud: Cloud
beforeEach(async () => {
  cloud = await openCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

async function login(): Promise<Ended> {
  await using job = await openJob(cloud.env)
  return await job.login({ with: { registries: east, 'role-to-assume': role } })
}

/** What was said between the masks and the end. */
const notes = ({ stdout }: Ended): readonly string[] =>
  stdout.split('\n').filter(line => !line.startsWith('::add-mask::') && !line.startsWith('Logged in'))

const twice = (line: string): readonly string[] => [line, line]
const assume = 'Assume the role'
const ecr = 'Log in to ECR in us-east-1'
const token = "GitHub's ID token"

describe('green after what passes', () => {
  const cases: readonly { title: string; arm: () => Disposable; said: readonly string[]; calls: number }[] = [
    {
      title: 'STS limits requests',
      arm: () => cloud.sts.fault({ answer: 'throttled', times: 2 }),
      said: twice(`${assume}: Throttling (throttled); again in T`),
      calls: 5,
    },
    {
      title: 'STS has errors of its own',
      arm: () => cloud.sts.fault({ answer: 'internal', times: 2 }),
      said: twice(`${assume}: InternalFailure (transient); again in T`),
      calls: 5,
    },
    {
      title: 'STS is not available',
      arm: () => cloud.sts.fault({ answer: 'unavailable' }),
      said: [`${assume}: ServiceUnavailable (transient); again in T`],
      calls: 4,
    },
    {
      title: 'a connection to STS is cut',
      arm: () => cloud.sts.fault({ answer: 'cut' }),
      said: [`${assume}: ECONNRESET (transient); again in T`],
      calls: 4,
    },
    {
      title: 'an answer of STS ends in the middle',
      arm: () => cloud.sts.fault({ answer: 'half' }),
      said: [`${assume}: ECONNRESET (transient); again in T`],
      calls: 4,
    },
    {
      title: 'AWS does not reach GitHub for a while',
      arm: () => cloud.sts.fault({ answer: 'idp-communication', times: 2 }),
      said: twice(`${assume}: IDPCommunicationErrorException (identity provider out); again in T`),
      calls: 5,
    },
    {
      title: "AWS can't fetch GitHub's keys for a while",
      arm: () => cloud.sts.fault({ answer: 'no-verification-key', times: 2 }),
      said: twice(`${assume}: InvalidIdentityTokenException (identity provider out); again in T`),
      calls: 5,
    },
    {
      title: "GitHub's own keys are out of reach",
      arm: () => cloud.oidc.fault({ action: 'jwks', answer: 'unavailable', times: 2 }),
      said: twice(`${assume}: IDPCommunicationErrorException (identity provider out); again in T`),
      calls: 5,
    },
    {
      title: 'the role is a moment old',
      arm: () => cloud.sts.fault({ answer: 'access-denied' }),
      said: [`${assume}: AccessDenied (denied); again in T`],
      calls: 4,
    },
    {
      title: 'ECR limits requests',
      arm: () => cloud.ecr.fault({ answer: 'throttled', times: 2 }),
      said: twice(`${ecr}: ThrottlingException (throttled); again in T`),
      calls: 5,
    },
    {
      title: 'ECR has not heard of the session yet',
      arm: () => cloud.ecr.fault({ answer: 'unknown-key' }),
      said: [`${ecr}: UnrecognizedClientException (not yet known); again in T`],
      calls: 4,
    },
    {
      title: 'GitHub is out, and answers with a page',
      arm: () => cloud.oidc.fault({ action: 'token', answer: 'bad-gateway', times: 2 }),
      said: twice(`${token}: TokenError (transient); again in T`),
      calls: 5,
    },
    {
      title: 'GitHub limits requests',
      arm: () => cloud.oidc.fault({ action: 'token', answer: 'throttled' }),
      said: [`${token}: TokenError (throttled); again in T`],
      calls: 4,
    },
    {
      title: 'an answer of GitHub is cut short',
      arm: () => cloud.oidc.fault({ action: 'token', answer: 'malformed' }),
      said: [`${token}: TokenError (transient); again in T`],
      calls: 4,
    },
  ]
  it.each(cases)(
    '$title',
    async ({ arm, said, calls }) => {
      using _ = arm()
      const ended = await login()
      expect([ended.exitCode, notes(ended), cloud.calls().length]).toEqual([0, said, calls])
    },
    30_000,
  )

  it('a token that has grown too old while AWS was busy: once more, with a new one', async () => {
    using _ = cloud.sts.fault({ answer: 'throttled', times: 4 })
    await using job = await openJob(cloud.env)
    const running = job.start({ with: { registries: east, 'role-to-assume': role } })
    await running.says('Throttling')
    cloud.clock.shift(6 * 60_000)
    const ended = await running.ended
    expect(ended.exitCode).toBe(0)
    expect(notes(ended)).toContain(`${assume}: ExpiredTokenException (token not accepted); again in T`)
    expect(cloud.calls().filter(call => call === 'oidc token 200')).toHaveLength(2)
  }, 30_000)

  it("this machine's clock is seven minutes behind: ECR would refuse, and the second signature has AWS's time", async () => {
    cloud.clock.shift(7 * 60_000)
    const ended = await login()
    expect([ended.exitCode, notes(ended)]).toEqual([
      0,
      [`${ecr}: InvalidSignatureException (clock skewed); again in T`],
    ])
  })
})

describe('red when it does not pass', () => {
  it("GitHub's endpoint refuses the job's token: one call", async () => {
    await using job = await openJob({ ...cloud.env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x'.repeat(64) })
    const ended = await job.login({ with: { registries: east, 'role-to-assume': role } })
    expect(notes(ended)).toEqual([
      "::error::No ID token from GitHub: GitHub's token endpoint answered HTTP 401",
      'Run again later, and see githubstatus.com; behind a proxy, see HTTPS_PROXY, NO_PROXY and AWS_CA_BUNDLE.',
    ])
    expect(cloud.calls()).toEqual(['oidc token 401'])
  })

  it('a login page in place of an answer is asked again, then told; the tries are not multiplied', async () => {
    using _ = cloud.oidc.fault({ action: 'token', answer: 'html', times: 100 })
    const ended = await login()
    expect(notes(ended).at(-2)).toBe("::error::No ID token from GitHub: GitHub's token endpoint gave no token")
    expect(cloud.calls()).toHaveLength(6)
  }, 30_000)
})
