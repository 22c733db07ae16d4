import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { readArchive } from '../../src/mounts/archive.ts'
import { openActionsCache } from '../support/actions-cache/actions-cache.ts'
import { openPlace, openRegistry, type Registry, runOnce } from './world.ts'

let registry: Registry
beforeAll(async () => {
  registry = await openRegistry()
}, 60_000)
afterAll(async () => registry[Symbol.asyncDispose](), 60_000)

/** Prints what a mount holds, then adds a line. */
const noting = (from: string, mount: string) => `FROM ${from}
ARG TURN
RUN --mount=type=cache,${mount},target=/m cat /m/notes 2>/dev/null; echo "turn $TURN" >>/m/notes
`
const debian = 'debian:bookworm-slim'

it('a damaged archive is thrown away, and a mount that is too large is not kept', async () => {
  await using place = await openPlace({
    Dockerfile: `${noting(debian, 'id=small')}RUN --mount=type=cache,target=/large head -c 2000000 /dev/urandom >/large/file\n`,
  })
  const config = { 'max-size': '1 MB', path: 'store' }
  const first = await runOnce(place, registry, { config, args: { TURN: '1' } })
  expect(first.kept).toEqual(['small'])
  expect(first.lines.filter(line => !line.includes(' kept ('))).toEqual([
    'Cache mount /large is not kept: it holds 2 MB, more than 1 MB (cache-mounts.max-size)',
  ])
  const store = join(place.context, 'store')
  const [key = ''] = await readdir(store)
  const layer = join(store, key, 'layer')
  const bytes = await readFile(layer)
  bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 1
  await writeFile(layer, bytes)
  const second = await runOnce(place, registry, { config, args: { TURN: '2' } })
  expect([second.printed, second.restored.filled, second.kept]).toEqual([[], [], ['small']])
  expect(second.lines[0]).toMatch(
    new RegExp(
      `^Cache mount small is not restored: what ${store} has under ${key} was thrown away, since it has other bytes`,
    ),
  )
  expect(await readArchive(join(store, key))).toMatchObject({
    mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd',
  })
}, 300_000)

it('steps from a layer cache fill no mount, so none is kept; what was kept is found beside such a cache', async () => {
  await using place = await openPlace({ Dockerfile: noting(debian, 'uid=1000,mode=0750') })
  const layers = join(place.root, 'layers')
  const first = await runOnce(place, registry, {
    args: { TURN: '1' },
    flags: [`--cache-to=type=local,dest=${layers},mode=max`],
  })
  expect(first.kept).toEqual(['/m uid=1000,mode=0750'])
  const flags = [`--cache-from=type=local,src=${layers}`]
  const cached = await runOnce(place, registry, { args: { TURN: '1' }, flags, config: { path: 'other' } })
  expect([cached.kept, cached.lines]).toEqual([[], ['Cache mount /m uid=1000,mode=0750 is not kept: nothing is in it']])
  const next = await runOnce(place, registry, { args: { TURN: '2' }, flags })
  expect([next.printed, next.restored.filled]).toEqual([['turn 1'], first.kept])
}, 300_000)

it('an image without tar will do, one without sh will not; another can be named', async () => {
  const bare = `${registry.host}/bare:1`
  await using place = await openPlace({
    Dockerfile: `FROM ${debian}\nRUN rm /bin/tar && useradd me\nUSER me\nSHELL ["/bin/false"]\n`,
  })
  await execa('docker', ['build', '--quiet', '--tag', bare, place.context], { env: { DOCKER_BUILDKIT: '0' } })
  await execa('docker', ['push', '--quiet', bare])
  await execa('docker', ['rmi', bare])
  await place.write({
    Dockerfile: `FROM ${bare}
SHELL ["/bin/sh", "-c"]
USER 0
ARG TURN
RUN --mount=type=cache,target=/m cat /m/notes && stat -c '%u:%g %a %Y' /m/notes || \\
  { echo notes >/m/notes; chown 7:8 /m/notes; chmod 4711 /m/notes; touch -d @1000000000 /m/notes; }
`,
  })
  const first = await runOnce(place, registry, { args: { TURN: '1' } })
  expect(first.kept).toEqual(['/m'])
  const second = await runOnce(place, registry, { args: { TURN: '2' } })
  expect(second.printed).toEqual(['notes', '7:8 4711 1000000000'])

  await place.write({
    Dockerfile: `FROM ${debian} AS root\nFROM scratch\nCOPY --from=root / /\n${noting('', 'id=x').slice(6)}`,
  })
  const third = await runOnce(place, registry, { args: { TURN: '3' } })
  expect(third.lines).toEqual([
    'Cache mounts are not kept: no stage that has one stands on an image; name one with sh and tar in cache-mounts.image',
  ])
  const config = { image: debian }
  expect((await runOnce(place, registry, { config, args: { TURN: '4' } })).kept).toEqual(['x'])
}, 300_000)

it('the cache of GitHub Actions keeps them; one that fails is a line, and the build goes on', async () => {
  await using cache = await openActionsCache()
  await using place = await openPlace({ Dockerfile: noting(debian, 'id=notes,sharing=locked'), 'go.sum': 'a' })
  const bin = join(place.root, 'cache-worker.js')
  await writeFile(bin, `import(${JSON.stringify(join(import.meta.dirname, '../../src/mounts/worker.ts'))})`)
  const rights = { PATH: process.env.PATH ?? '', ...cache.env() }
  const run = (TURN: string) =>
    runOnce(place, registry, { args: { TURN }, rights, worker: join(place.root, 'newman.js') })
  const first = await run('1')
  expect(first.kept).toEqual(['notes'])
  await place.write({ 'go.sum': 'b' })
  const second = await run('2')
  expect([second.printed, second.restored.filled, second.kept]).toEqual([['turn 1'], ['notes'], ['notes']])
  expect(cache.entries.map(({ key }) => key.replace(/[0-9a-f]{16}$/, ''))).toEqual(
    Array(2).fill(second.restored.mounts[0]?.prefix),
  )
  using _read = cache.fault({ action: 'GetCacheEntryDownloadURL', answer: 'throttled' })
  using _write = cache.fault({ action: 'CreateCacheEntry', answer: 'throttled' })
  const third = await run('3')
  expect([third.printed, third.kept]).toEqual([[], []])
  expect(third.lines.map(line => line.replace(/:.*/, ''))).toEqual([
    'Cache mount notes is not restored',
    'Cache mount notes is not kept',
  ])
}, 300_000)
