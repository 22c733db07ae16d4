import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Job } from './claims.ts'
import { type Oidc, openOidc } from './oidc.ts'

let oidc: Oidc
beforeAll(async () => {
  oidc = await openOidc()
})
afterAll(() => oidc[Symbol.asyncDispose]())

const { stringify } = JSON
const ask = (audience?: string, bearer = oidc.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) => {
  const more = audience === undefined ? '' : `&audience=${encodeURIComponent(audience)}`
  return fetch(oidc.env.ACTIONS_ID_TOKEN_REQUEST_URL + more, { headers: { authorization: `bearer ${bearer}` } })
}
const read = (token: string) =>
  token
    .split('.')
    .slice(0, 2)
    .map(part => JSON.parse(Buffer.from(part, 'base64url').toString()))
const mint = (job: Partial<Job>) => {
  oidc.run(job)
  return read(oidc.mint())[1]
}

describe('a token', () => {
  it('is given to the bearer, for the audience, with the claims of the job', async () => {
    const answer = await ask('sts.amazonaws.com')
    const { value, count } = (await answer.json()) as { value: string; count: number }
    const [header, claims] = read(value)
    const now = Math.floor(Date.now() / 1000)
    expect([answer.status, answer.headers.get('content-type'), count]).toEqual([
      200,
      'application/json; charset=utf-8',
      value.length,
    ])
    expect(header).toEqual({ typ: 'JWT', alg: 'RS256', kid: expect.stringMatching(/^[0-9A-F]{40}$/) })
    expect(Math.abs(claims.iat - now)).toBeLessThan(5)
    expect(claims).toEqual({
      jti: expect.any(String),
      sub: 'repo:acme/web:ref:refs/heads/main',
      aud: 'sts.amazonaws.com',
      ref: 'refs/heads/main',
      sha: '3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b',
      repository: 'acme/web',
      repository_owner: 'acme',
      repository_owner_id: '123456',
      run_id: '9876543210',
      run_number: '42',
      run_attempt: '1',
      repository_visibility: 'private',
      repository_id: '789012',
      actor_id: '583231',
      actor: 'octocat',
      workflow: 'Main',
      head_ref: '',
      base_ref: '',
      event_name: 'push',
      ref_protected: 'true',
      ref_type: 'branch',
      workflow_ref: 'acme/web/.github/workflows/main.yml@refs/heads/main',
      workflow_sha: '3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b',
      job_workflow_ref: 'acme/web/.github/workflows/main.yml@refs/heads/main',
      job_workflow_sha: '3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b',
      runner_environment: 'github-hosted',
      iss: 'https://token.actions.githubusercontent.com',
      iat: claims.iat,
      nbf: claims.iat - 600,
      exp: claims.iat + 300,
    })
  })

  it("is for the owner's address when no audience is named", async () => {
    const { value } = (await (await ask()).json()) as { value: string }
    expect(read(value)[1].aud).toBe('https://github.com/acme')
  })

  it.each([
    ['wrong', 401],
    ['', 401],
  ])('is not given to the bearer of "%s"', async (bearer, status) => {
    const answer = await ask('sts.amazonaws.com', bearer)
    expect([answer.status, await answer.text()]).toEqual([status, stringify({ message: 'Unauthorized' })])
  })

  it.each<[Partial<Job>, string]>([
    [{ ref: 'refs/tags/v1.0' }, 'repo:acme/web:ref:refs/tags/v1.0'],
    [{ event: 'pull_request', ref: 'refs/pull/7/merge' }, 'repo:acme/web:pull_request'],
    [{ environment: 'production' }, 'repo:acme/web:environment:production'],
    [{ event: 'pull_request', environment: 'eu:west' }, 'repo:acme/web:environment:eu%3Awest'],
    [{ immutable: true }, 'repo:acme@123456/web@789012:ref:refs/heads/main'],
    [{ immutable: true, environment: 'production' }, 'repo:acme@123456/web@789012:environment:production'],
    [
      { subjectKeys: ['job_workflow_ref'], jobWorkflowRef: 'acme/shared/.github/workflows/a.yml@refs/tags/v1' },
      'job_workflow_ref:acme/shared/.github/workflows/a.yml@refs/tags/v1',
    ],
    [{ subjectKeys: ['repo', 'context', 'actor'] }, 'repo:acme/web:ref:refs/heads/main:actor:octocat'],
  ])('of %j has the subject %s', (job, sub) => {
    expect(mint(job).sub).toBe(sub)
  })
})

it('serves the keys that verify, also after a rotation', async () => {
  const old = oidc.mint()
  const configuration = await getJson('/.well-known/openid-configuration')
  expect(configuration).toMatchObject({ issuer: oidc.issuer, jwks_uri: `${oidc.origin}/.well-known/jwks` })
  const verified = async (token: string) => {
    const { keys } = (await getJson('/.well-known/jwks')) as { keys: JsonWebKey[] }
    const [header = '', payload = '', signature = ''] = token.split('.')
    const key = keys.find(({ kid }) => kid === read(token)[0].kid)
    return (
      key &&
      verify(
        'sha256',
        Buffer.from(`${header}.${payload}`),
        createPublicKey({ key, format: 'jwk' }),
        Buffer.from(signature, 'base64url'),
      )
    )
  }
  expect(await verified(old)).toBe(true)
  expect(await verified(old.replace(/.{8}$/, 'AAAAAAAA'))).toBe(false)
  await oidc.rotate('keep')
  expect([await verified(old), await verified(oidc.mint())]).toEqual([true, true])
  await oidc.rotate('forget')
  expect([await verified(old), await verified(oidc.mint())]).toEqual([undefined, true])

  async function getJson(path: string) {
    return (await (await fetch(oidc.origin + path)).json()) as object
  }
})

describe('a fault', () => {
  it.each([
    ['throttled', 429, 'application/json; charset=utf-8'],
    ['internal', 500, 'application/json; charset=utf-8'],
    ['bad-gateway', 502, 'text/html'],
    ['unavailable', 503, 'application/json; charset=utf-8'],
    ['malformed', 200, 'application/json; charset=utf-8'],
    ['html', 200, 'text/html'],
    ['empty', 200, 'application/json; charset=utf-8'],
  ] as const)('%s answers %d, once', async (answer, status, type) => {
    oidc.fault({ action: 'token', answer })
    const first = await ask()
    expect([first.status, first.headers.get('content-type')]).toEqual([status, type])
    expect((await ask()).status).toBe(200)
  })

  it('hangs, cuts, ends half-way', async () => {
    using _ = oidc.fault({ answer: 'cut', times: 9 })
    await expect(ask()).rejects.toThrow('fetch failed')
    _[Symbol.dispose]()
    oidc.fault({ answer: 'half', after: 1 })
    expect((await ask()).status).toBe(200)
    await expect(ask().then(answer => answer.text())).rejects.toThrow('terminated')
    oidc.fault({ answer: 'hang' })
    const before = oidc.log.length
    const waits = fetch(oidc.env.ACTIONS_ID_TOKEN_REQUEST_URL, { signal: AbortSignal.timeout(200) })
    await expect(waits).rejects.toThrow('timeout')
    expect(oidc.log.slice(before).map(({ server, action, status }) => [server, action, status])).toEqual([
      ['oidc', 'token', 0],
    ])
  })
})
