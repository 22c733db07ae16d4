import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { leftOf, nothing } from './support/left.ts'
import { resultsOf, stepIn } from './support/log.ts'
import { openRunner } from './support/runner.ts'
import { openWorld } from './support/world.ts'

const scene = { workflow: 'cancel.yml' }
const runIn = (log: string): string => /, run ([0-9a-f]{8})/.exec(log)?.[1] ?? 'no run'

describe('a job that is cancelled while it builds', () => {
  it('is closed by the post step, though the step itself was killed', async () => {
    await using world = await openWorld(scene)
    const running = world.start()
    await running.saw('::group::build:web')
    running.interrupt()
    const job = await running.ended
    const results = { '0': 'success', look: 'success', pce: 'failure', 'post pce': 'success', 'post look': 'success' }
    expect([job.result, resultsOf(job)]).toEqual(['failure', results])
    expect(stepIn(job, 'post look').lines).toEqual(['{"logins":[],"containers":[]}'])
    expect(await leftOf(runIn(job.log))).toEqual(nothing)
  }, 120_000)

  it("ends on the runner's SIGINT with its record written, and the post step closes it", async () => {
    await using world = await openWorld(scene)
    const runner = await openRunner(world.repository, world.cache)
    const step = runner.start('root.js')
    await step.saw('::group::build:web')
    step.process.kill('SIGINT')
    expect(await step.ended).toBe(1)
    expect(step.output()).toMatch(/^::error::build:web cancelled: cancelled by SIGINT \(exit code 130\)$/m)
    const { run = 'no run' } = await runner.readCommands('GITHUB_STATE')
    const { outcome } = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'))
    expect(outcome).toBe('cancelled')

    const post = runner.start('root-post.js', { STATE_run: run })
    expect([await post.ended, post.output()]).toEqual([0, ''])
    expect(await leftOf(runIn(step.output()))).toEqual(nothing)
  }, 120_000)

  it('is cleaned up by pce clean where even the post step never ran', async () => {
    await using world = await openWorld(scene)
    const runner = await openRunner(world.repository, world.cache)
    const step = runner.start('root.js')
    await step.saw('::group::build:web')
    process.kill(-(step.process.pid ?? 0), 'SIGKILL')
    expect(await step.ended).toBe('SIGKILL')
    const id = runIn(step.output())
    expect((await leftOf(id)).containers.length).toBeGreaterThan(0)

    const clean = await execa(process.execPath, [join(import.meta.dirname, '../../dist/pce.js'), 'clean'], {
      cwd: world.repository,
      env: { RUNNER_TEMP: runner.temporary },
      stdin: 'ignore',
    })
    expect([clean.stderr, clean.stdout]).toEqual([`${id} closed`, ''])
    expect(await leftOf(id)).toEqual(nothing)
  }, 120_000)
})
