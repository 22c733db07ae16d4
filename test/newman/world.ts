import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Scope } from '../../src/task/scope.ts'
import type { NewmanReport } from '../../src/test/newman/report.ts'
import { type NewmanRequest, runNewman } from '../../src/test/newman/run.ts'

/** `PCE_NEWMAN_WORKER=dist/newman-worker.js` runs these tests on the built file. */
export const worker = resolve(
  process.env.PCE_NEWMAN_WORKER ?? fileURLToPath(new URL('../../src/test/newman/worker.ts', import.meta.url)),
)

/** A checkout, a server and a scope, all real, gone with the test. */
export async function openWorld(answer: RequestListener = (_, response) => response.end('{"ok":true}')) {
  const root = await mkdtemp(join(tmpdir(), 'newman-test-'))
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  const said: string[] = []
  const masked: string[] = []
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const scope: Scope = {
    run: { id: 'r1', directory: join(root, '.pce') },
    context: root,
    newmanWorker: worker,
    env: process.env,
    rights: {},
    signal: new AbortController().signal,
    secret: () => undefined,
    credentials: () => undefined,
    say: line => void said.push(line),
    mask: secret => void masked.push(secret),
  }
  const write = async (name: string, content: unknown): Promise<string> => {
    const file = join(root, name)
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
    return file
  }
  return {
    root,
    url,
    scope,
    said,
    masked,
    seen,
    write,
    /** writes a collection of these items and runs it */
    async run(
      items: readonly unknown[],
      more: Partial<NewmanRequest> = {},
      within: Partial<Scope> = {},
    ): Promise<NewmanReport> {
      const collection = await write('api.json', collectionOf(items))
      const request = { collection, variables: { baseUrl: url }, timeout: 20_000, worker, ...more }
      return runNewman(request, { ...scope, ...within })
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
      await rm(root, { recursive: true, force: true })
    },
  }
}

const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'

export const collectionOf = (item: readonly unknown[], more: object = {}) => ({
  info: { name: 'API', schema },
  item,
  ...more,
})

interface Scripts {
  readonly test?: string
  readonly before?: string
}

/** A request of a collection. */
export const get = (name: string, url: string, { test, before }: Scripts = {}, more: object = {}) => ({
  name,
  event: [
    ...(before === undefined ? [] : [{ listen: 'prerequest', script: { exec: before.split('\n') } }]),
    ...(test === undefined ? [] : [{ listen: 'test', script: { exec: test.split('\n') } }]),
  ],
  request: { method: 'GET', url, ...more },
})

/** Counts that a report gives, without its texts. */
export const countsOf = ({ requests, assertions, failed, errors, skipped, executed: { ran, of } }: NewmanReport) => ({
  requests,
  assertions,
  failed,
  errors,
  skipped,
  executed: `${ran} of ${of}`,
})

/** Process ids whose command line names this file. */
export async function processesOf(file: string): Promise<number[]> {
  const { readdir } = await import('node:fs/promises')
  const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const lines = await Promise.all(ids.map(id => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
  return ids.filter((_, index) => lines[index]?.includes(file)).map(Number)
}
