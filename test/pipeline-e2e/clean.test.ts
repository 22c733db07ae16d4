import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { pce, startPce } from './support/pce.ts'
import { inUnit } from './support/slow.ts'

/** A container of somebody else, gone with the test: its labels and name look like those of a run. */
async function stranger() {
  const name = `pce-${process.pid}-stranger`
  const labels = ['--label', 'dev.pce.run=0a1b2c3d', '--label', 'dev.pce.base=/elsewhere']
  await execa('docker', ['run', '--detach', '--name', name, ...labels, '--entrypoint', 'sleep', 'redis:7', '300'])
  return {
    isRunning: async () =>
      (await execa('docker', ['inspect', '--format', '{{.State.Running}}', name])).stdout === 'true',
    [Symbol.asyncDispose]: async () => void (await execa('docker', ['rm', '--force', '--volumes', name])),
  }
}

describe('pce clean after a run that was killed', () => {
  it.each([
    { title: 'takes down all that is its own, and nothing else', withoutFolder: false },
    { title: 'does so too when the folder of the run is gone', withoutFolder: true },
  ])(
    '$title',
    async ({ withoutFolder }) => {
      await using other = await stranger()
      await using checkout = await openCheckout(inUnit.fixture, inUnit.given)
      const running = startPce(checkout, inUnit.argv)
      await running.says(inUnit.busy)
      running.kill()
      const ended = await running.ended
      expect(await leftovers(ended)).not.toEqual([])
      if (withoutFolder) await rm(ended.directory, { recursive: true })
      expect(await pce(checkout, ['clean'])).toMatchObject({ exitCode: 0, stderr: `${ended.id} closed\n` })
      expect(await leftovers(ended)).toEqual([])
      expect(await other.isRunning()).toBe(true)
    },
    60_000,
  )

  it('leaves a run alone that another process works in', async () => {
    await using checkout = await openCheckout(inUnit.fixture, inUnit.given)
    const running = startPce(checkout, inUnit.argv)
    await running.says(inUnit.busy)
    const cleaned = await pce(checkout, ['clean'])
    running.interrupt()
    const ended = await running.ended
    expect(cleaned).toMatchObject({ exitCode: 0, stderr: `${ended.id} left: it is being worked in\n` })
    expect(ended.record?.tasks.find(({ task }) => task === 'unit:web')?.reason).toBe('cancelled by SIGINT')
    expect(await leftovers(ended)).toEqual([])
  }, 60_000)
})

it('a run whose files were cut off is told of, and pce clean takes it down', async () => {
  await using checkout = await openCheckout('small')
  const built = await pce(checkout, ['build'])
  const state = join(built.directory, 'state.json')
  await writeFile(state, '')
  expect(await pce(checkout, ['build'])).toMatchObject({
    exitCode: 2,
    stderr: `${state} can't be read: another version of pce wrote it, or the machine stopped in the middle
Take down what was left, pce clean, and begin anew: pce build.
`,
  })
  expect(await pce(checkout, ['clean'])).toMatchObject({ exitCode: 0, stderr: `${built.id} closed\n` })
  expect(await leftovers(built)).toEqual([])
  expect(await pce(checkout, ['clean'])).toMatchObject({ exitCode: 0, stderr: 'Nothing to clean.\n' })
}, 60_000)

describe('two runs at once in one checkout', () => {
  it('both pass, each with parts of its own', async () => {
    await using checkout = await openCheckout('app', { config: { newman: 'postman/*.postman_collection.json' } })
    const both = await Promise.all([pce(checkout, ['run']), pce(checkout, ['run'])])
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    expect(new Set(both.map(({ id }) => id)).size).toBe(2)
    for (const ended of both) {
      expect(ended.record).toMatchObject({ id: ended.id, outcome: 'passed' })
      expect(await leftovers(ended)).toEqual([])
    }
  }, 90_000)
})
