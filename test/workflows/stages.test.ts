import { describe, expect, it } from '@jest/globals'
import { idOf, leftOf, nothing } from './support/left.ts'
import { resultsOf, stepIn } from './support/log.ts'
import { openWorld } from './support/world.ts'

describe('the stage actions of another repository, one after another', () => {
  it('hand over by the directory of the run, push what was staged byte for byte, and close in reverse', async () => {
    await using world = await openWorld({ workflow: 'stages.yml' })
    const { registry, commit } = world
    const job = await world.run()
    const mains = ['0', 'look', 'check', 'inside', 'build', 'staged', 'scan', 'test', 'push']
    const posts = ['push', 'test', 'scan', 'build', 'inside', 'check', 'look'].map(id => `post ${id}`)
    expect([job.result, resultsOf(job)]).toEqual([
      'success',
      Object.fromEntries([...mains, ...posts].map(id => [id, 'success'])),
    ])
    expect(job.steps.map(({ id }) => id)).toEqual([...mains, ...posts])

    const { outputs: built } = stepIn(job, 'build')
    const tags = [`sha-${commit.slice(0, 7)}`, 'stable']
    const pushed = tags.map(tag => `${registry.host}/acme/web:${tag}@${built.digest}`)
    const shared = { run: built.run, record: `${built.run}/run.json`, verdict: 'passed' }
    const image = { digest: built.digest, image: built.image, images: JSON.stringify([built.image]) }
    expect(built.image).toMatch(/^127\.0\.0\.1:\d+\/acme\/web@sha256:[0-9a-f]{64}$/)
    expect(
      Object.fromEntries(['check', 'build', 'scan', 'test', 'push'].map(id => [id, stepIn(job, id).outputs])),
    ).toMatchObject({
      check: { ...shared, digest: '', image: '', images: '[]', pushed: '[]' },
      build: { ...shared, ...image, pushed: '[]' },
      scan: { ...shared, ...image, pushed: '[]' },
      test: { ...shared, ...image, pushed: '[]' },
      push: {
        ...shared,
        digest: built.digest,
        image: `${registry.host}/acme/web@${built.digest}`,
        images: JSON.stringify([`${registry.host}/acme/web@${built.digest}`]),
        pushed: JSON.stringify(pushed),
      },
    })

    const staged = Buffer.from(stepIn(job, 'staged').lines.join(''), 'base64')
    for (const tag of tags) expect((await registry.manifest('acme/web', tag)).bytes.equals(staged)).toBe(true)
    expect(await registry.tags('acme/web')).toEqual(tags)

    const project = `pce-${idOf(built.run)}`
    const inside = JSON.parse(stepIn(job, 'post inside').lines.join(''))
    // The steps that joined the run leave it open: check opened it, and closes it in its post step.
    expect(inside).toEqual({ logins: [], containers: expect.arrayContaining([`${project}-pce-staging-1`]) })
    expect(stepIn(job, 'post look').lines).toEqual(['{"logins":[],"containers":[]}'])
    expect(await leftOf(idOf(built.run))).toEqual(nothing)
  }, 300_000)
})
