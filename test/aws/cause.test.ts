import { inspect } from 'node:util'
import { expect, it } from '@jest/globals'
import { becomeIdentity } from '../../src/aws/identity.ts'
import { ciRole, openCloud, trustGitHub } from '../support/aws/cloud.ts'

it('an error holds no secret, however deep one looks', async () => {
  await using cloud = await openCloud({ roles: [{ ...ciRole, trust: trustGitHub('repo:acme/other:*') }] })
  const masked: string[] = []
  process.env.AWS_ENDPOINT_URL_STS = cloud.env.AWS_ENDPOINT_URL_STS
  const request = {
    role: ciRole.arn,
    region: 'us-east-1',
    sessionName: 'ci',
    duration: undefined,
    externalId: undefined,
    chaining: false,
    inlinePolicy: undefined,
    managedPolicies: [],
    audience: 'sts.amazonaws.com',
    allowedAccounts: [],
  }
  const { signal } = new AbortController()
  const around = { env: cloud.env, signal, say() {}, mask: (secret: string) => void masked.push(secret) }
  const refused = await becomeIdentity(request, around).catch((error: unknown) => error)
  delete process.env.AWS_ENDPOINT_URL_STS
  const text = inspect(refused, { depth: 20, showHidden: true })
  expect(text).toContain('AWS refused the role')
  expect(masked).toHaveLength(2)
  for (const secret of masked) expect(text).not.toContain(secret)
})
