import { existsSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { openCloud } from '../support/aws/cloud.ts'
import { resultsOf, stepIn } from './support/log.ts'
import { openWorld } from './support/world.ts'

it("the login action under act: GitHub's identity for ECR beside a password, gone at the end", async () => {
  await using cloud = await openCloud()
  const { env } = cloud
  await using world = await openWorld({
    workflow: 'oidc.yml',
    files: { Dockerfile: 'FROM scratch\nCOPY server.js /\n' },
    variables: {
      OIDC_URL: env.ACTIONS_ID_TOKEN_REQUEST_URL ?? '',
      STS: env.AWS_ENDPOINT_URL_STS ?? '',
      ECR: env.AWS_ENDPOINT_URL_ECR ?? '',
    },
    secrets: { OIDC_BEARER: env.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '' },
  })
  const job = await world.run()
  expect([job.result, resultsOf(job)]).toMatchObject(['success', { login: 'success', 'post login': 'success' }])
  expect(cloud.calls()).toEqual([
    'oidc token 200',
    'sts AssumeRoleWithWebIdentity 200',
    'ecr GetAuthorizationToken 200',
  ])
  const { outputs } = stepIn(job, 'login')
  expect(outputs).toMatchObject({
    registry: '123456789012.dkr.ecr.us-east-1.amazonaws.com',
    'aws-account-id': '123456789012',
  })
  expect(stepIn(job, 'docker').lines.at(-1)).toBe(`123456789012.dkr.ecr.us-east-1.amazonaws.com,${world.registry.host}`)
  expect(existsSync(outputs['docker-config'] ?? '')).toBe(false)
  expect(await world.registry.tags('acme/web')).toEqual(['by-hand'])
  for (const secret of [world.registry.token, env.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? ''])
    expect(job.log).not.toContain(secret)
}, 120_000)
