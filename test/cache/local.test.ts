import { mkdtempDisposable, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { damageOf } from '../../src/cache/whole.ts'
import { type Bench, openBench } from './support/bench.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
}, 120_000)
afterAll(() => bench[Symbol.asyncDispose](), 60_000)

/** The blobs of a cache with their sizes, the largest first. */
async function blobsOf(folder: string) {
  const names = (await readdir(join(folder, 'blobs/sha256'))).map(name => join(folder, 'blobs/sha256', name))
  const all = await Promise.all(names.map(async path => ({ path, size: (await stat(path)).size })))
  return all.sort((a, b) => b.size - a.size)
}

// Two larger blobs are the base image and what RUN made; BuildKit finds out in the middle of a build.
it.each([
  ['a layer is gone', ({ path }: { path: string }) => rm(path)],
  ['a layer is cut', ({ path }: { path: string }) => truncate(path, 1000)],
])(
  '%s: the build goes on without it, says so, and the folder is written anew',
  async (_, damage) => {
    await using root = await mkdtempDisposable(join(tmpdir(), 'pce-local-'))
    const cache = { type: 'local', path: root.path }
    await bench.forget()
    await bench.build({}, cache)
    expect((await bench.write({}, cache)).value).toEqual({ exported: true })
    const [name = ''] = await readdir(root.path)
    const folder = join(root.path, name)
    await bench.forget()
    for (const blob of (await blobsOf(folder)).slice(0, 2)) await damage(blob)
    // Later steps are other ones, so that the layers before them are asked for.
    await writeFile(join(bench.directory, 'package.json'), `{ "of": "${root.path}" }`)
    const built = await bench.build({}, cache)
    expect(built.value?.digest).toMatch(/^sha256:/)
    expect(built.cache?.notices).toEqual([
      expect.stringContaining(`nothing was read from ${folder}, which is damaged: `),
    ])
    expect((await bench.write({}, cache)).value).toEqual({ exported: true })
    expect(await damageOf(folder)).toBe(undefined)
  },
  120_000,
)
