import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import { allow } from '../support/aws/policy.ts'
import { east, west } from './support/hosts.ts'
import { openJob } from './support/job.ts'
import { type ForwardProxy, openProxy } from './support/proxy.ts'
import { type Front, openFront } from './support/tls.ts'

let cloud: Cloud
let proxy: ForwardProxy
let front: Front
let seen = 0
beforeAll(async () => {
  cloud = await openCloud()
  await using job = await openJob()
  // Whatever it is asked for, a certificate answers that fits none of it: the name was asked for, and that is enough.
  front = await openFront(cloud.sts.origin, job.root)
  proxy = await openProxy({ port: front.port })
})
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await front[Symbol.asyncDispose]()
  await cloud[Symbol.asyncDispose]()
})

const newlySeen = (): readonly string[] => {
  const hosts = proxy.seen.slice(seen).map(line => line.replace(/^CONNECT (.*):443$/, '$1'))
  seen = proxy.seen.length
  return hosts
}

type Texts = Readonly<Record<string, string>>

describe('the endpoint of STS', () => {
  const role = 'arn:aws:iam::123456789012:role/ci'
  it.each<[string, Texts, Texts, string]>([
    [
      'of the first ECR host',
      { registries: `${west}\n${east}` },
      { AWS_REGION: 'us-west-2' },
      'sts.eu-west-1.amazonaws.com',
    ],
    ['as aws-region says', { registries: west, 'aws-region': 'eu-north-1' }, {}, 'sts.eu-north-1.amazonaws.com'],
    [
      "of the machine's region",
      { registries: 'public.ecr.aws' },
      { AWS_REGION: 'us-west-2' },
      'sts.us-west-2.amazonaws.com',
    ],
    ['where nothing says', { registries: 'public.ecr.aws' }, {}, 'sts.us-east-1.amazonaws.com'],
    ['of FIPS', { registries: east }, { AWS_USE_FIPS_ENDPOINT: 'true' }, 'sts-fips.us-east-1.amazonaws.com'],
    ['of IPv6', { registries: west }, { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 'sts.eu-west-1.api.aws'],
    [
      'of China',
      {
        registries: '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
        'role-to-assume': role.replace('aws', 'aws-cn'),
      },
      {},
      'sts.cn-north-1.amazonaws.com.cn',
    ],
    [
      'of GovCloud',
      {
        registries: '123456789012.dkr.ecr.us-gov-west-1.amazonaws.com',
        'role-to-assume': role.replace('aws', 'aws-us-gov'),
      },
      {},
      'sts.us-gov-west-1.amazonaws.com',
    ],
    [
      "of Europe's own cloud",
      {
        registries: '123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu',
        'role-to-assume': role.replace('aws', 'aws-eusc'),
      },
      {},
      'sts.eusc-de-east-1.amazonaws.eu',
    ],
  ])('%s', async (_, inputs, env, host) => {
    const { AWS_ENDPOINT_URL_STS: __, ...rest } = cloud.env
    await using job = await openJob({ ...rest, HTTPS_PROXY: proxy.url, ...env })
    await job.login({ with: { 'role-to-assume': role, ...inputs } })
    expect(newlySeen()).toEqual([host])
  })
})

describe('the endpoint of ECR', () => {
  it.each([
    [west, 'api.ecr.eu-west-1.amazonaws.com'],
    ['123456789012.dkr.ecr-fips.us-east-1.amazonaws.com', 'api.ecr-fips.us-east-1.amazonaws.com'],
    ['123456789012.dkr-ecr.eu-west-1.on.aws', 'ecr.eu-west-1.api.aws'],
    ['123456789012.dkr-ecr-fips.us-east-1.on.aws', 'ecr-fips.us-east-1.api.aws'],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'api.ecr.cn-north-1.amazonaws.com.cn'],
    ['123456789012.dkr.ecr.us-gov-west-1.amazonaws.com', 'api.ecr.us-gov-west-1.amazonaws.com'],
    ['123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu', 'api.ecr.eusc-de-east-1.amazonaws.eu'],
    ['public.ecr.aws', 'api.ecr-public.us-east-1.amazonaws.com'],
  ])('%s: %s', async (registries, host) => {
    const keys = cloud.sts.addUser({ account: '123456789012', name: 'ci', policy: allow('ecr:*') })
    const env = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey }
    const { AWS_ENDPOINT_URL_STS: sts = '' } = cloud.env
    await using job = await openJob({ ...env, AWS_ENDPOINT_URL_STS: sts, HTTPS_PROXY: proxy.url })
    await job.login({ with: { registries } })
    expect(newlySeen()).toEqual([host])
  })
})
