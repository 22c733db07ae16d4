import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import { allow } from '../support/aws/policy.ts'
import { east, west } from './support/hosts.ts'
import { openJob } from './support/job.ts'
import { type ForwardProxy, openProxy } from './support/proxy.ts'
import { type Front, openFront } from './support/tls.ts'

const fips = '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com'
const dual = '123456789012.dkr-ecr.eu-west-1.on.aws'
const both = '123456789012.dkr-ecr-fips.us-east-1.on.aws'

let cloud: Cloud
let proxy: ForwardProxy
let front: Front
let seen = 0
let folder: string
beforeAll(async () => {
  cloud = await openCloud()
  folder = await mkdtemp(join(tmpdir(), 'login-endpoints-'))
  // It answers for STS. For other names its certificate fits none: the name was asked for, and that is enough.
  front = await openFront(cloud.sts.origin, folder)
  proxy = await openProxy({ port: front.port })
})
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await front[Symbol.asyncDispose]()
  await cloud[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
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
    [
      'of FIPS and IPv6',
      { registries: east },
      { AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true' },
      'sts-fips.us-east-1.api.aws',
    ],
    ['of FIPS, as all hosts are', { registries: fips }, {}, 'sts-fips.us-east-1.amazonaws.com'],
    ['of IPv6, as all hosts are', { registries: dual }, {}, 'sts.eu-west-1.api.aws'],
    ['of both, as all hosts are', { registries: both }, {}, 'sts-fips.us-east-1.api.aws'],
    [
      'of neither, since not all hosts are',
      { registries: `${fips}\n${east}\n${dual}` },
      {},
      'sts.us-east-1.amazonaws.com',
    ],
    [
      'of neither, since the environment says so',
      { registries: both },
      { AWS_USE_FIPS_ENDPOINT: 'false', AWS_USE_DUALSTACK_ENDPOINT: 'false' },
      'sts.us-east-1.amazonaws.com',
    ],
    [
      'as its address is given, whatever the hosts are',
      { registries: both },
      { AWS_ENDPOINT_URL_STS: 'https://vpce-0a1b.sts.us-east-1.vpce.amazonaws.com' },
      'vpce-0a1b.sts.us-east-1.vpce.amazonaws.com',
    ],
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
      'of China, by IPv6',
      {
        registries: '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
        'role-to-assume': role.replace('aws', 'aws-cn'),
      },
      { AWS_USE_DUALSTACK_ENDPOINT: 'true' },
      'sts.cn-north-1.api.amazonwebservices.com.cn',
    ],
    [
      'of GovCloud, which has one for FIPS as well',
      {
        registries: '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com',
        'role-to-assume': role.replace('aws', 'aws-us-gov'),
      },
      {},
      'sts.us-gov-west-1.amazonaws.com',
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
  it.each<[string, string, Texts]>([
    [west, 'api.ecr.eu-west-1.amazonaws.com', {}],
    [west, 'ecr.eu-west-1.api.aws', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }],
    [east, 'api.ecr-fips.us-east-1.amazonaws.com', { AWS_USE_FIPS_ENDPOINT: 'true' }],
    [fips, 'api.ecr-fips.us-east-1.amazonaws.com', {}],
    [
      fips,
      'vpce-0a1b.api.ecr.us-east-1.vpce.amazonaws.com',
      { AWS_ENDPOINT_URL_ECR: 'https://vpce-0a1b.api.ecr.us-east-1.vpce.amazonaws.com' },
    ],
    [dual, 'ecr.eu-west-1.api.aws', {}],
    [both, 'ecr-fips.us-east-1.api.aws', {}],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'api.ecr.cn-north-1.amazonaws.com.cn', {}],
    ['123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn', 'ecr.cn-north-1.api.amazonwebservices.com.cn', {}],
    ['123456789012.dkr.ecr.us-gov-west-1.amazonaws.com', 'api.ecr.us-gov-west-1.amazonaws.com', {}],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'api.ecr-fips.us-gov-west-1.amazonaws.com', {}],
    ['123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu', 'api.ecr.eusc-de-east-1.amazonaws.eu', {}],
    ['public.ecr.aws', 'api.ecr-public.us-east-1.amazonaws.com', {}],
    ['ecr-public.aws.com', 'ecr-public.us-east-1.api.aws', {}],
  ])('%s: %s', async (registries, host, env) => {
    const keys = cloud.sts.addUser({ account: '123456789012', name: 'ci', policy: allow('ecr:*') })
    const own = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey }
    const { AWS_ENDPOINT_URL_STS: sts = '' } = cloud.env
    // The SDK takes no FIPS and no IPv6 with an address that is given: then STS is found by its name, through the proxy.
    const byName = Object.keys(env).some(name => name.startsWith('AWS_USE'))
    const known = byName ? { AWS_CA_BUNDLE: front.ca } : { AWS_ENDPOINT_URL_STS: sts }
    await using job = await openJob({ ...own, ...known, HTTPS_PROXY: proxy.url, ...env })
    await job.login({ with: { registries } })
    expect(newlySeen().slice(byName ? 1 : 0)).toEqual([host])
  })
})
