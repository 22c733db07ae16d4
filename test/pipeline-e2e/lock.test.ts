import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { openCheckout } from './support/checkout.ts'
import { pce } from './support/pce.ts'

it('pce lock pins what a run was built on, and the next build stands on it', async () => {
  const Dockerfile = 'FROM debian:bookworm-slim\nCOPY package.json /\n'
  await using checkout = await openCheckout('small', { files: { Dockerfile } })
  const first = await pce(checkout, ['build'])
  const base = first.record?.tasks.flatMap(({ bases = [] }) => bases)
  expect(base).toEqual([
    { image: 'docker.io/library/debian:bookworm-slim', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
  ])

  const locked = await pce(checkout, ['lock', join(first.directory, 'run.json')])
  expect([locked.exitCode, locked.stdout]).toEqual([0, 'pce.lock: 1 image\n'])
  expect(await readFile(join(checkout.directory, 'pce.lock'), 'utf8')).toBe(
    `# Written by pce lock: what the images of this repository are built on. Remove it to build on the newest ones.\nimages:\n  docker.io/library/debian:bookworm-slim: ${base?.[0]?.digest}\n`,
  )

  const second = await pce(checkout, ['build', '--verbose'])
  expect(second.exitCode).toBe(0)
  expect(second.stderr).toContain(
    `[context debian:bookworm-slim] load metadata for docker.io/library/debian:bookworm-slim@`,
  )
  expect(second.stderr).not.toContain('not-locked')
}, 120_000)

it('pce lock of what is no record says so', async () => {
  await using checkout = await openCheckout('small')
  for (const [argv, said] of [
    [[], 'pce lock needs the path of a run.json: that of a run which built'],
    [['package.json'], 'package.json is not a run.json of this version of pce'],
  ] as const) {
    const { exitCode, stderr } = await pce(checkout, ['lock', ...argv])
    expect([exitCode, stderr]).toEqual([2, `${said}\n`])
  }
})
