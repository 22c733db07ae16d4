import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { dropStalePid, isRunning, startDaemon } from '../../script/parts/daemon.ts'
import { withLock } from '../../script/parts/lock.ts'
import type { Setup } from '../../script/parts/part.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'setup-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a daemon that ends early is an error with the end of its log', async () => {
  const argv = ['sh', '-c', 'echo "no such flag" >&2; exit 3'] as const
  const log = join(folder, 'log')
  await expect(startDaemon(setup(), { argv, log, deadline: 5000, ready: async () => false })).rejects.toThrow(
    `sh ended with exit code 3; ${log} ends with:\nno such flag`,
  )
})

test('a daemon does not hold the output of whoever started it', async () => {
  // The outer process ends at once; its output must end with it, although the daemon lives on.
  const pidFile = join(folder, 'pid')
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', starter(pidFile)], {
    stdin: 'ignore',
  })
  const pid = Number(await readFile(pidFile, 'utf8'))
  expect(stdout).toBe('started')
  expect(process.kill(pid, 0)).toBe(true)
  process.kill(pid)
})

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('a pid file counts while its process runs, under that name', async () => {
  const file = join(folder, 'daemon.pid')
  await writeFile(file, String(process.pid))
  const name = (await readFile(`/proc/${process.pid}/comm`, 'utf8')).trim()
  expect(await isRunning(file, name)).toBe(true)
  await dropStalePid(file, name)
  expect(await isRunning(file, name)).toBe(true)
  await dropStalePid(file, 'dockerd')
  expect(await isRunning(file, name)).toBe(false)
})

onLinux('two setups install one after the other', async () => {
  const order: string[] = []
  const work = (name: string) => async () => {
    order.push(`${name} begins`)
    await new Promise(resolve => setTimeout(resolve, 50))
    order.push(`${name} ends`)
  }
  await Promise.all([withLock(setup(), work('one')), withLock(setup(), work('other'))])
  const [first, second] = order[0] === 'one begins' ? ['one', 'other'] : ['other', 'one']
  expect(order).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`])
})

const setup = (): Setup => ({
  env: process.env,
  tools: folder,
  signal: new AbortController().signal,
  say: () => undefined,
  silentHosts: new Set(),
  offline: async () => true,
})

const starter = (pidFile: string): string => `
  import { access } from 'node:fs/promises'
  import { startDaemon } from ${JSON.stringify(join(import.meta.dirname, '../../script/parts/daemon.ts'))}
  const ready = () => access(${JSON.stringify(pidFile)}).then(() => true, () => false)
  const argv = ['sh', '-c', 'echo $$ > "$0.new"; mv "$0.new" "$0"; exec sleep 600', ${JSON.stringify(pidFile)}]
  const setup = { env: process.env, signal: new AbortController().signal }
  await startDaemon(setup, { argv, log: ${JSON.stringify(`${pidFile}.log`)}, deadline: 5000, ready })
  console.log('started')
`
