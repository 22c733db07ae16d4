import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import { east, role } from './support/hosts.ts'
import { type Ended, openJob } from './support/job.ts'
import { openProxy } from './support/proxy.ts'
import { openFront } from './support/tls.ts'

let cloud: Cloud
beforeEach(async () => {
  cloud = await openCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

const given = { registries: east, 'role-to-assume': role }
const hostOf = (url = ''): string => new URL(url).host
const lastOf = ({ stdout }: Ended): string | undefined => stdout.split('\n').at(-1)

describe('a proxy', () => {
  it.each(['HTTP_PROXY', 'http_proxy'])('%s is asked for the token, STS and ECR', async name => {
    await using proxy = await openProxy()
    await using job = await openJob({ ...cloud.env, [name]: proxy.url })
    expect((await job.login({ with: given })).exitCode).toBe(0)
    const { ACTIONS_ID_TOKEN_REQUEST_URL: oidc, AWS_ENDPOINT_URL_STS: sts, AWS_ENDPOINT_URL_ECR: ecr } = cloud.env
    expect(proxy.seen).toEqual([`GET ${hostOf(oidc)}`, `POST ${hostOf(sts)}`, `POST ${hostOf(ecr)}`])
  })

  it.each(['NO_PROXY', 'no_proxy'])('%s goes past it, with a port in the URL as well', async name => {
    await using proxy = await openProxy()
    await using job = await openJob({ ...cloud.env, HTTP_PROXY: proxy.url, [name]: '127.0.0.1' })
    expect((await job.login({ with: given })).exitCode).toBe(0)
    expect(proxy.seen).toEqual([])
  })

  it('HTTPS_PROXY gives a tunnel to the endpoint that the region has', async () => {
    await using job = await openJob()
    await using front = await openFront(cloud.sts.origin, job.root)
    await using proxy = await openProxy({ port: front.port })
    const { AWS_ENDPOINT_URL_STS: _, ...env } = cloud.env
    const ended = await job.login({
      with: given,
      env: { ...env, HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: front.ca },
    })
    expect(ended.exitCode).toBe(0)
    expect(proxy.seen).toEqual(['CONNECT sts.us-east-1.amazonaws.com:443'])
  })

  it('one that is not there is named', async () => {
    await using job = await openJob({
      ...cloud.env,
      HTTP_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: hostOf(cloud.oidc.origin),
    })
    const ended = await job.login({ with: { ...given, 'action-timeout-s': '20' } })
    expect(lastOf(ended)).toBe(
      'Likely: the host was not reached: a proxy is taken from HTTPS_PROXY and NO_PROXY; a network of IPv6 alone needs AWS_USE_DUALSTACK_ENDPOINT=true.',
    )
  }, 30_000)
})

describe('an authority of its own', () => {
  it.each(['AWS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'])('%s: the token and STS by HTTPS', async name => {
    await using job = await openJob()
    await using oidc = await openFront(cloud.oidc.origin, job.root)
    const tokens = new URL(cloud.env.ACTIONS_ID_TOKEN_REQUEST_URL ?? '')
    const ended = await job.login({
      with: given,
      env: {
        ...cloud.env,
        ACTIONS_ID_TOKEN_REQUEST_URL: `https://localhost:${oidc.port}${tokens.pathname}${tokens.search}`,
        [name]: oidc.ca,
      },
    })
    expect(ended.exitCode).toBe(0)
  })

  it('unknown: one try, and what to set', async () => {
    await using job = await openJob()
    await using sts = await openFront(cloud.sts.origin, job.root)
    const env = { ...cloud.env, AWS_ENDPOINT_URL_STS: `https://localhost:${sts.port}` }
    const ended = await job.login({ with: given, env })
    expect(ended.stdout.split('\n').slice(-2)).toEqual([
      expect.stringMatching(
        /^::error::AWS was not asked for the role arn:aws:iam::123456789012:role\/ci: self-signed certificate.* \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
      ),
      'Likely: the certificate is of an authority that this machine does not know: name its CA in NODE_EXTRA_CA_CERTS or AWS_CA_BUNDLE.',
    ])
  })

  it('a bundle that is not there', async () => {
    await using job = await openJob({ ...cloud.env, AWS_CA_BUNDLE: '/nowhere/ca.pem' })
    expect(lastOf(await job.login({ with: given }))).toBe(
      "::error::AWS_CA_BUNDLE names /nowhere/ca.pem, which can't be read",
    )
  })
})
