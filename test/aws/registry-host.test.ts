import { describe, expect, it } from '@jest/globals'
import { faultOfHost, parseRegistryHost } from '../../src/aws/registry-host.ts'
import { UserError } from '../../src/errors.ts'

const account = '123456789012'

describe('hosts of ECR', () => {
  it.each([
    [`${account}.dkr.ecr.eu-west-1.amazonaws.com`, 'eu-west-1 aws'],
    [`${account}.dkr.ecr-fips.us-east-1.amazonaws.com`, 'us-east-1 aws fips'],
    [`${account}.dkr-ecr.eu-west-1.on.aws`, 'eu-west-1 aws dual-stack'],
    [`${account}.dkr-ecr-fips.us-west-2.on.aws`, 'us-west-2 aws fips dual-stack'],
    [`${account}.dkr.ecr.ap-southeast-5.amazonaws.com`, 'ap-southeast-5 aws'],
    [`${account}.dkr.ecr.mx-central-1.amazonaws.com`, 'mx-central-1 aws'],
    [`${account}.dkr.ecr.us-gov-west-1.amazonaws.com`, 'us-gov-west-1 aws-us-gov'],
    [`${account}.dkr.ecr-fips.us-gov-east-1.amazonaws.com`, 'us-gov-east-1 aws-us-gov fips'],
    [`${account}.dkr-ecr.us-gov-west-1.on.aws`, 'us-gov-west-1 aws-us-gov dual-stack'],
    [`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`, 'cn-north-1 aws-cn'],
    [`${account}.dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn`, 'cn-northwest-1 aws-cn dual-stack'],
    [`${account}.dkr.ecr.eusc-de-east-1.amazonaws.eu`, 'eusc-de-east-1 aws-eusc'],
    [`${account}.dkr.ecr.us-iso-east-1.c2s.ic.gov`, 'us-iso-east-1 aws-iso'],
    [`${account}.dkr.ecr.us-isob-east-1.sc2s.sgov.gov`, 'us-isob-east-1 aws-iso-b'],
    [`${account}.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk`, 'eu-isoe-west-1 aws-iso-e'],
    [`${account}.dkr.ecr.us-isof-south-1.csp.hci.ic.gov`, 'us-isof-south-1 aws-iso-f'],
  ])('%s: %s', (host, told) => {
    const [region = '', partition = '', ...more] = told.split(' ')
    expect(parseRegistryHost(host)).toEqual({
      kind: 'ecr',
      host,
      account,
      region,
      partition,
      fips: more.includes('fips'),
      dualStack: more.includes('dual-stack'),
    })
  })

  it.each(['public.ecr.aws', 'ecr-public.aws.com'])('%s is public', host => {
    expect(parseRegistryHost(host)).toEqual({ kind: 'ecr-public', host, dualStack: host === 'ecr-public.aws.com' })
  })

  it.each([
    'ghcr.io',
    'docker.io',
    '127.0.0.1:5000',
    'registry.example.com',
    'ecr.example.com',
    'gcr.io',
    'internal-nexus-123.eu-west-1.elb.amazonaws.com',
    'ec2-1-2-3-4.eu-west-1.compute.amazonaws.com:5000',
  ])('%s is another registry', host => {
    expect([parseRegistryHost(host), faultOfHost(host)]).toEqual([{ kind: 'other', host }, undefined])
  })
})

describe('near misses', () => {
  const like = 'a host of ECR such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com or public.ecr.aws'
  it.each([
    ['12345678901.dkr.ecr.eu-west-1.amazonaws.com', 'an account has 12 digits, this one has 11'],
    ['dkr.ecr.eu-west-1.amazonaws.com', 'it begins with no account of 12 digits'],
    ['acme.dkr.ecr.eu-west-1.amazonaws.com', 'it begins with no account of 12 digits'],
    [`${account}.ecr.eu-west-1.amazonaws.com`, 'hosts of eu-west-1 are below amazonaws.com or on.aws'],
    [`${account}.dkr.ecr.amazonaws.com`, 'there is no region in it'],
    [
      `${account}.dkr.ecr.cn-north-1.amazonaws.com`,
      'hosts of cn-north-1 are below amazonaws.com.cn or on.amazonwebservices.com.cn',
    ],
    [`${account}.dkr.ecr.eu-west-1.amazonaws.com.cn`, 'hosts of eu-west-1 are below amazonaws.com or on.aws'],
    [`${account}.dkr.ecr.eusc-de-east-1.amazonaws.com`, 'hosts of eusc-de-east-1 are below amazonaws.eu'],
    [`${account}.dkr.ecr.xx-west-1.amazonaws.com`, 'there is no region xx-west-1'],
    [`${account}.DKR.ECR.eu-west-1.amazonaws.com`, 'it has capital letters'],
    ['123456789012', 'this is an account, and a region belongs to it'],
    ['public.ecr.amazonaws.com', 'it begins with no account of 12 digits'],
    ['1234567890123', 'an account has 12 digits, this one has 13'],
    [`${account}.dkr-ecr.us-east-1.amazonaws.com`, 'below amazonaws.com it is dkr.ecr'],
    [`${account}.dkr.ecr.us-east-1.on.aws`, 'below on.aws it is dkr-ecr'],
    [`${account}.dkr.ecr.us-east-1.amazonaws.com:443`, 'it has a port or a path, and hosts of ECR have neither'],
    ['public.ecr.aws/acme', 'it has a port or a path, and hosts of ECR have neither'],
    ['public.ecr.aws.', 'it ends with a dot'],
  ])('%s: %s', (host, why) => {
    expect(faultOfHost(host)).toBe(`${like}: ${why}`)
    expect(() => parseRegistryHost(host)).toThrow(new UserError(`registries: ${host} is not ${like}: ${why}`))
  })
})
