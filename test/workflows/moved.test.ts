import { expect, it } from '@jest/globals'
import { openEcr } from '../support/ecr/ecr.ts'
import { leftOf, nothing } from './support/left.ts'
import { resultsOf, stepIn } from './support/log.ts'
import { openWorld } from './support/world.ts'

const dockerfile = `FROM debian:bookworm-slim
ARG GREETING=tested
RUN echo "$GREETING" > /greeting
CMD ["cat", "/greeting"]
USER 1000
`

it('a workflow that was moved from five actions does what it did: tested, pushed to two registries, its outputs used', async () => {
  await using other = await openEcr({ repositories: ['acme/web'] })
  await using world = await openWorld({
    workflow: 'moved.yml',
    files: { 'docker/Dockerfile': dockerfile, 'pce.yml': '' },
    variables: { OTHER_REGISTRY: other.host },
    secrets: { OTHER_PASSWORD: other.token },
  })
  const { registry } = world
  const job = await world.run()
  expect([job.result, resultsOf(job)]).toMatchObject([
    'success',
    { loaded: 'success', tested: 'success', build: 'success', used: 'success' },
  ])
  expect(stepIn(job, 'tested').lines).toEqual(['tested'])
  const { outputs } = stepIn(job, 'build')
  const names = [registry.host, other.host].flatMap(host => [`${host}/acme/web:main`, `${host}/acme/web:latest`])
  expect(outputs.tags?.split('\n')).toEqual(names)
  expect(stepIn(job, 'used').lines).toEqual([
    ...names,
    `${other.host}/acme/web@${outputs.digest}`,
    'hello, "world"',
    'The "web", and more',
    ...names.map(name => `Loaded image: ${name}`),
  ])
  for (const one of [registry, other]) {
    expect(await one.tags('acme/web')).toEqual(['latest', 'main'])
    expect((await one.manifest('acme/web', 'main')).digest).toBe(outputs.digest)
    expect(job.log).not.toContain(one.token)
  }
  expect(await leftOf(outputs.run?.split('/').at(-1) ?? '')).toEqual(nothing)
}, 300_000)
