import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { checkPassword } from '../../src/login/check-password.ts'
import { text } from '../pipeline-e2e/support/text.ts'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { openAsking } from './support/asking.ts'
import { authsOf, openJob } from './support/job.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

const users = { octocat: 'ghs_s:cret' }
const check = (host: string, password = users.octocat, username = 'octocat') =>
  checkPassword(host, { username, password }, { env: {}, signal: new AbortController().signal })

describe('a registry is asked about a password', () => {
  it('by Basic authentication', async () => {
    expect(await check(ecr.host, ecr.token, 'AWS')).toEqual({ is: 'accepted' })
    expect(await check(ecr.host, 'wrong', 'AWS')).toEqual({
      is: 'refused',
      why: 'HTTP 400: Your Authorization Token is invalid.',
    })
  })

  it('by whoever gives its tokens', async () => {
    await using hub = await openAsking({ users })
    expect(await check(hub.host)).toEqual({ is: 'accepted' })
    expect(await check(hub.host, 'wrong')).toEqual({
      is: 'refused',
      why: 'HTTP 401: incorrect username or password',
    })
    expect(hub.calls).toEqual(['GET /v2/ 401', 'GET /token 200', 'GET /v2/ 401', 'GET /token 401'])
  })

  it('and one that takes anybody, takes it', async () => {
    await using open = await openAsking({ answers: 200 })
    expect(await check(open.host)).toEqual({ is: 'accepted' })
  })

  it.each([
    ['it is out of order', { answers: 503 }, /^127\.0\.0\.1:\d+ answered HTTP 503$/],
    [
      'its challenge is of another kind',
      { challenge: 'Negotiate' },
      /^it asks for a kind of login that is not known here$/,
    ],
    [
      'its tokens are given on another scheme',
      { challenge: 'Bearer realm="ftp://127.0.0.1/token"' },
      /^it asks for a kind/,
    ],
  ])('it is not known whether it takes it: %s', async (_, options, why) => {
    await using hub = await openAsking(options)
    expect(await check(hub.host)).toEqual({ is: 'unknown', why: expect.stringMatching(why) })
    expect(hub.calls).toHaveLength(1)
  })

  it('nor where the answer never ends, unless the job does', async () => {
    await using hub = await openAsking({ drips: true })
    const credentials = { username: 'octocat', password: 'x' }
    const signal = new AbortController().signal
    expect(await checkPassword(hub.host, credentials, { env: {}, signal, limit: 200 })).toEqual({
      is: 'unknown',
      why: 'no whole answer within 0.2 s',
    })
    const over = AbortSignal.abort(new Error('cancelled'))
    await expect(checkPassword(hub.host, credentials, { env: {}, signal: over })).rejects.toThrow('cancelled')
  })

  it('nor where nobody answers', async () => {
    expect(await check('127.0.0.1:1')).toEqual({ is: 'unknown', why: expect.stringContaining('ECONNREFUSED') })
  })
})

describe('the login action', () => {
  const login = async (registries: string, password: string) => {
    await using job = await openJob()
    const ended = await job.login({ with: { registries, username: 'octocat', password } })
    return { ...ended, auths: ended.exitCode === 0 ? await authsOf(ended) : {} }
  }
  const plain = (stdout: string): string =>
    stdout.replaceAll(/^::add-mask::.*\n/gm, '').replaceAll(/127\.0\.0\.1:\w+/g, 'HOST')

  it('fails with a password that the registry does not take', async () => {
    await using hub = await openAsking({ users })
    const { exitCode, stdout, state } = await login(hub.host, 'ghs_wrong')
    expect([exitCode, state, plain(stdout)]).toEqual([
      1,
      {},
      text`
        ::error::HOST does not take the password of octocat: HTTP 401: incorrect username or password
        See that user name and password belong together and are for this registry.
      `,
    ])
  })

  it('warns of a registry that it can not ask, and logs in', async () => {
    await using hub = await openAsking({ users, answers: 503 })
    const { exitCode, stdout, auths } = await login(hub.host, users.octocat)
    expect([exitCode, auths]).toEqual([0, { [hub.host]: 'octocat:ghs_s:cret' }])
    expect(plain(stdout)).toContain(
      '::warning::HOST could not be asked about the login, which is used unchecked: HOST answered HTTP 503\n',
    )
  })
})
