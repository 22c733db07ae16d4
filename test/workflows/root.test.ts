import { describe, expect, it } from '@jest/globals'
import { idOf, leftOf, nothing } from './support/left.ts'
import { resultsOf, steady, stepIn } from './support/log.ts'
import { openWorld } from './support/world.ts'

describe('the root action on deploy/node', () => {
  it('ships the image, tells later steps what it shipped, and leaves nothing behind', async () => {
    const app = { from: 'deploy/node', to: 'deploy/node' }
    await using world = await openWorld({ workflow: 'root.yml', app })
    const { registry, commit } = world
    const job = await world.run()
    expect([job.result, resultsOf(job)]).toEqual([
      'success',
      {
        '0': 'success',
        look: 'success',
        pce: 'success',
        deploy: 'success',
        changes: 'success',
        'post pce': 'success',
        'post look': 'success',
      },
    ])

    const tag = `sha-${commit.slice(0, 7)}`
    const { digest } = await registry.manifest('pce-demo/shortener', tag)
    const pushed = [tag, 'main'].map(name => `${registry.host}/pce-demo/shortener:${name}@${digest}`)
    const { outputs, summary } = stepIn(job, 'pce')
    expect(outputs).toMatchObject({
      digest,
      pushed: JSON.stringify(pushed),
      verdict: 'passed',
      image: expect.stringMatching(`^127\\.0\\.0\\.1:\\d+/pce-demo/shortener@${digest}$`),
      images: JSON.stringify([outputs.image]),
      run: expect.stringMatching(`^${world.cache}/[0-9a-f]+/tmp/pce/[^/]+-[0-9a-f]{8}/[0-9a-f]{8}$`),
      record: `${outputs.run}/run.json`,
    })
    expect(stepIn(job, 'deploy').lines).toEqual([`passed ${digest}`, JSON.stringify(pushed)])
    expect(await registry.tags('pce-demo/shortener')).toEqual(['main', tag])

    const [status, , table] = steady(summary).split('\n\n')
    expect(status).toBe(
      '**Passed**: shortener linux/amd64 <code>DIGEST</code>; commit <code>COMMIT</code> of <code>refs/heads/main</code>, TIME',
    )
    expect(table).toBe('### Pushed')

    expect(stepIn(job, 'changes').lines).toEqual([])
    for (const secret of [registry.token, Buffer.from(`AWS:${registry.token}`).toString('base64')])
      expect(job.log).not.toContain(secret)
    expect(stepIn(job, 'post look').lines).toEqual(['{"logins":[],"containers":[]}'])
    expect(await leftOf(idOf(outputs.run))).toEqual(nothing)
  }, 600_000)
})
