import { describe, expect, it } from '@jest/globals'
import { type LoginSection, loginSectionSchema } from '../../src/login/config.ts'
import { privateHosts } from '../../src/login/pull.ts'
import { narrowedToPulls } from '../../src/login/pull-policy.ts'
import { explainDenial } from '../support/aws/keyring.ts'
import { allow, checkPolicy, type PolicyDocument } from '../support/aws/policy.ts'
import { east } from './support/hosts.ts'

const arn = 'arn:aws:iam::123456789012:policy/ci'
const policyOf = (given: object): PolicyDocument => {
  const section: LoginSection = loginSectionSchema.parse(given)
  return JSON.parse(narrowedToPulls(section)['inline-session-policy'] ?? '')
}
const pulls = ['GetAuthorizationToken', 'BatchGetImage', 'GetDownloadUrlForLayer', 'BatchCheckLayerAvailability']
const [web, api] = ['web', 'api'].map(name => `arn:aws:ecr:us-east-1:123456789012:repository/acme/${name}`)
const onWeb = { Effect: 'Allow', Action: 'ecr:*', Resource: ['*', web] }
const everything = JSON.stringify(allow('*'))

/** What the session may of all that a registry knows, as `action resource`; the role itself may everything. */
function mayDo(inline: PolicyDocument, managed: readonly PolicyDocument[] = []): readonly string[] {
  checkPolicy(inline, 'permission')
  const principal = {
    partition: 'aws',
    account: '123456789012',
    arn: 'arn:aws:sts::123456789012:assumed-role/ci/x',
    names: [],
    userId: 'AROA',
    policies: [allow('*')],
    sessionPolicies: [inline, ...managed],
  }
  const asked = [...pulls, 'PutImage', 'InitiateLayerUpload', 'CreateRepository', 'DeleteRepository']
  const allowed = [web, api].flatMap(resource =>
    asked
      .filter(action => explainDenial(principal, `ecr:${action}`, resource ?? '') === undefined)
      .map(action => `${action} ${resource?.split('/').at(-1)}`),
  )
  return [...allowed, ...(explainDenial(principal, 's3:GetObject', '*') === undefined ? ['s3'] : [])]
}

const everyPull = ['web', 'api'].flatMap(name => pulls.map(action => `${action} ${name}`))
const ofWeb = pulls.map(action => `${action} web`)

describe('the session policies of a login that may only pull', () => {
  it('without any of the user: pulls are allowed, and nothing else', () => {
    expect(policyOf({})).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: pulls.map(action => `ecr:${action}`), Resource: '*' }],
    })
    expect(mayDo(policyOf({}))).toEqual(everyPull)
  })

  it('with managed ones: they allow, and all but pulls is denied', () => {
    const inline = policyOf({ 'managed-session-policies': arn })
    expect(inline.Statement).toMatchObject([{ Effect: 'Deny' }])
    expect(mayDo(inline, [allow('*')])).toEqual(everyPull)
    expect(
      mayDo(inline, [{ Version: '2012-10-17', Statement: { ...onWeb, Effect: 'Allow', Resource: web ?? '' } }]),
    ).toEqual(ofWeb)
    expect(mayDo(inline, [])).toEqual([])
  })

  it('with an inline one: what it allows, as far as that is a pull', () => {
    expect(mayDo(policyOf({ 'inline-session-policy': everything }))).toEqual(everyPull)
    const narrow = { Version: '2012-10-17', Id: 'mine', Statement: { ...onWeb, Resource: web } }
    const inline = policyOf({ 'inline-session-policy': JSON.stringify(narrow) })
    expect(inline).toMatchObject({ Id: 'mine', Statement: [narrow.Statement, { Effect: 'Deny' }] })
    expect(mayDo(inline)).toEqual(ofWeb)
  })

  it('with both: what either allows, as far as that is a pull', () => {
    const given = { 'inline-session-policy': everything, 'managed-session-policies': arn }
    expect(mayDo(policyOf(given), [allow('*')])).toEqual(everyPull)
  })

  it.each(['not json', '[]', '"text"', '{}'])('an inline one that is no policy: %s', text => {
    expect(() => policyOf({ 'inline-session-policy': text })).toThrow(
      'inline-session-policy: expected a policy as JSON, an object with Version and Statement',
    )
  })

  it('an inline one that leaves no room', () => {
    const long = JSON.stringify({ ...allow('ecr:*'), Id: 'x'.repeat(1900) })
    expect(() => policyOf({ 'inline-session-policy': long })).toThrow(
      /^inline-session-policy: with the denial of all but pulls it has \d+ characters, and STS takes 2048: shorten it by \d+$/,
    )
  })
})

describe('what is private', () => {
  it.each<[string, string[], string[], string[]]>([
    ['nothing', ['docker.io', 'public.ecr.aws', 'quay.io'], [], []],
    ['private ECR, pushed to or not', [east, 'docker.io'], ['ghcr.io'], [east]],
    ['a host that is pushed to', ['docker.io', 'ghcr.io'], ['ghcr.io', east], ['ghcr.io']],
    ['a host that only means to be of ECR', ['12345.dkr.ecr.us-east-1.amazonaws.com'], [], []],
  ])('%s', (_, pulled, registries, hosts) => {
    expect(privateHosts(pulled, registries)).toEqual(hosts)
  })
})
