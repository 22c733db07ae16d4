import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { mayMount, readOnly, smallDisk } from './support/machine.ts'
import { lastRun, pce, program } from './support/pce.ts'
import { steady } from './support/words.ts'

const itMounts = mayMount ? it : it.skip

describe('a disk', () => {
  itMounts.each(['16k', '48k'])(
    'that is full after %s ends the run with what to do, and nothing is left',
    async size => {
      await using checkout = await openCheckout('small')
      await using _ = await smallDisk(checkout.state, size)
      const ended = await pce(checkout, ['run'])
      expect(ended.exitCode).toBe(3)
      expect(
        steady(ended.stderr, { [ended.id]: 'ID' })
          .trimEnd()
          .split('\n')
          .slice(-2),
      ).toEqual([
        "can't write RUNS/ID/state.json: ENOSPC: no space left on device, write",
        'The disk is full: free some space (docker system df shows what the engine holds), then run again.',
      ])
      expect(await leftovers(ended)).toEqual([])
    },
    60_000,
  )

  itMounts(
    'that is read-only under the checkout is no obstacle',
    async () => {
      await using checkout = await openCheckout('app')
      await using _ = await readOnly(checkout.directory)
      const ended = await pce(checkout, ['run'])
      expect(ended).toMatchObject({ exitCode: 0 })
      expect(await leftovers(ended)).toEqual([])
    },
    60_000,
  )
})

describe('a port that is taken', () => {
  it('is no obstacle: published ports of the compose file are replaced by free ones', async () => {
    await using server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    await using checkout = await openCheckout('app', {
      config: { compose: 'compose.yaml' },
      files: { 'compose.yaml': composeWith(port) },
    })
    const ended = await pce(checkout, ['run'])
    expect(ended).toMatchObject({ exitCode: 0 })
    expect(await leftovers(ended)).toEqual([])
  }, 60_000)
})

describe('a reader that goes away', () => {
  it.each([
    {
      title: 'of the log cancels, and nothing is left',
      pipe: '2>&1 >/dev/null | head -1',
      code: 130,
      outcome: 'cancelled',
    },
    { title: 'of the result does not matter', pipe: '--json 2>/dev/null | true', code: 0, outcome: 'passed' },
  ])(
    '$title',
    async ({ pipe, code, outcome }) => {
      await using checkout = await openCheckout('small')
      const command = `${process.execPath} ${program} run ${pipe}; exit \${PIPESTATUS[0]}`
      const env = { XDG_STATE_HOME: checkout.state }
      const { exitCode } = await execa('bash', ['-c', command], { cwd: checkout.directory, env, reject: false })
      expect(exitCode).toBe(code)
      const last = await lastRun(checkout)
      expect(last.record?.outcome).toBe(outcome)
      expect(await leftovers(last)).toEqual([])
    },
    60_000,
  )
})

const composeWith = (port: number | undefined): string => `services:
  cache:
    image: redis:7
    ports: ["127.0.0.1:${port}:6379"]
  app:
    build: .
    ports: ["127.0.0.1:${port}:4000"]
`
