import { describe, expect, it } from '@jest/globals'
import { openEcr } from '../support/ecr/ecr.ts'
import { openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { pce, startPce } from './support/pce.ts'
import { loginFor, told } from './support/refusal.ts'
import { inApp, inBuild, inCheck, inNewman, inUnit, type Slow } from './support/slow.ts'
import { text } from './support/text.ts'

describe('Ctrl-C once ends what runs, takes down what the run made, and says so', () => {
  const stages: (Slow & { end: string })[] = [
    {
      ...inCheck,
      end: text`
        exit code 130
        Verdicts
          check:format  cancelled: cancelled by SIGINT

        Cancelled in T
        Record: RUNS/ID/run.json
      `,
    },
    {
      ...inBuild,
      end: text`
        exit code 130
        Verdicts
          build:web     cancelled: cancelled by SIGINT
          cache:web     cancelled: the run was cancelled
          contract:web  cancelled: the run was cancelled
          gate          cancelled: the run was cancelled

        Cancelled in T
        Record: RUNS/ID/run.json
      `,
    },
    {
      ...inUnit,
      end: text`
        exit code 130
        Verdicts
          cache:web        cancelled: the run was cancelled
          cache:web:tests  cancelled: the run was cancelled
          contract:web     passed about web linux/amd64 sha256:DIGEST
          gate             cancelled: the run was cancelled
          unit:web         cancelled: cancelled by SIGINT

        Cancelled in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      ...inApp,
      end: text`
        exit code 130
        Verdicts
          app:web       cancelled: cancelled by SIGINT
          cache:web     cancelled: the run was cancelled
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          cancelled: the run was cancelled

        Cancelled in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      ...inNewman,
      end: text`
        exit code 130
        Verdicts
          app:web       passed about web linux/amd64 sha256:DIGEST
          cache:web     cancelled: the run was cancelled
          contract:web  passed about web linux/amd64 sha256:DIGEST
          gate          cancelled: the run was cancelled
          newman:web    cancelled: cancelled by SIGINT

        Cancelled in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
  ]
  it.each(stages)(
    'in $title',
    async ({ fixture, given, argv, busy, end }) => {
      await using checkout = await openCheckout(fixture, given)
      const running = startPce(checkout, argv)
      await running.says(busy)
      running.interrupt()
      const ended = await running.ended
      expect(told(ended, checkout)).toBe(end)
      expect(ended.record?.outcome).toBe('cancelled')
      if (argv[0] === 'check') await pce(checkout, ['clean'])
      expect(await leftovers(ended)).toEqual([])
    },
    60_000,
  )

  it('in the push, of which no tag is set', async () => {
    await using ecr = await openEcr({ repositories: ['acme/web'] })
    await using checkout = await openCheckout('small')
    using _ = ecr.fault({ path: /\/blobs\/uploads/, times: 100, answer: 'hang' })
    const running = startPce(checkout, ['run', '--push', '--registries', ecr.host], loginFor(ecr))
    await running.says('login  passed')
    while (!ecr.log.some(({ path }) => path.includes('/uploads/')))
      await new Promise(resolve => setTimeout(resolve, 20))
    running.interrupt()
    const ended = await running.ended
    expect(told(ended, checkout)).toBe(text`
      exit code 130
      Verdicts
        contract:web  passed about web linux/amd64 sha256:DIGEST
        push:web      cancelled: cancelled by SIGINT

      Cancelled in T:
        web linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `)
    expect(ended.record).toMatchObject({ outcome: 'cancelled', pushed: [] })
    expect(ecr.writes()).toEqual([])
    expect(await leftovers(ended)).toEqual([])
  }, 60_000)
})

describe('pce clean takes down what a run left', () => {
  it.each([inBuild, inUnit, inNewman])(
    'after Ctrl-C twice in $title',
    async ({ fixture, given, argv, busy }) => {
      await using checkout = await openCheckout(fixture, given)
      const running = startPce(checkout, argv)
      await running.says(busy)
      running.interrupt()
      await running.says('Cancelling')
      running.interrupt()
      const ended = await running.ended
      expect(ended.exitCode).toBe(130)
      expect(ended.stderr.trimEnd().split('\n').at(-1)).toBe('Stopped at once; pce clean takes down what is left.')
      expect(await pce(checkout, ['clean'])).toMatchObject({ exitCode: 0, stderr: `${ended.id} closed\n` })
      expect(await leftovers(ended)).toEqual([])
      expect(await pce(checkout, ['clean'])).toMatchObject({ exitCode: 0, stderr: 'Nothing to clean.\n' })
    },
    60_000,
  )
})
