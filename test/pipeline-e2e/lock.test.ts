import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { classicEngine, currentEngine } from '../support/engines.ts'
import { openBuildkitd } from './support/buildkitd.ts'
import { openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { openMoving } from './support/moving.ts'
import { type Ended, pce } from './support/pce.ts'

const [classic, current] = await Promise.all([classicEngine(), currentEngine()])
const onClassic = classic === undefined ? it.skip : it
const onCurrent = current === undefined ? it.skip : it

const foundIn = ({ record }: Ended) => record?.tasks.flatMap(({ findings = [] }) => findings) ?? []
const buildkitOf = ({ record }: Ended) => record?.programs.filter(({ name }) => name === 'buildkit')

/** What a run stood on, by name without the host and tag: its bases, and its BuildKit. */
function stoodOn(ended: Ended): Readonly<Record<string, string>> {
  const bases = ended.record?.tasks.flatMap(({ bases = [] }) => bases) ?? []
  const images = buildkitOf(ended)?.map(({ image = '' }) => image) ?? []
  const all = [...bases.map(({ image, digest }) => `${image}@${digest}`), ...images]
  return Object.fromEntries(all.map(one => /([^/]+):1@(.+)$/.exec(one)?.slice(1) ?? [one, '']).sort())
}

onClassic(
  'pce lock pins base, frontend and BuildKit of a run: the next one has them when their tags have moved',
  async () => {
    await using moving = await openMoving()
    const { host } = moving
    const Dockerfile = `# syntax=${host}/frontend:1\nFROM ${host}/base:1\nCOPY package.json /\n`
    const config = { builder: { driver: 'docker-container', image: `${host}/buildkit:1` } }
    await using checkout = await openCheckout('small', { config, files: { Dockerfile } })
    const build = async (): Promise<Ended> => {
      const ended = await pce(checkout, ['build'], classic)
      expect(ended).toMatchObject({ exitCode: 0 })
      await pce(checkout, ['clean'], classic)
      return ended
    }
    const digests = async () =>
      Object.fromEntries(
        await Promise.all(['base', 'buildkit', 'frontend'].map(async name => [name, await moving.digest(`${name}:1`)])),
      )
    const old = await digests()
    const first = await pce(checkout, ['build'], classic)
    expect(stoodOn(first)).toEqual(old)
    const [buildkit] = buildkitOf(first) ?? []
    expect(buildkit).toEqual({
      name: 'buildkit',
      version: expect.stringMatching(/^\d/),
      path: `pce-${first.id}`,
      image: `${host}/buildkit:1@${old.buildkit}`,
    })

    const locked = await pce(checkout, ['lock', join(first.directory, 'run.json')])
    expect([locked.exitCode, locked.stdout]).toEqual([0, `pce.lock: 2 images, BuildKit ${buildkit?.version}\n`])
    expect(
      await readFile(join(checkout.directory, 'pce.lock'), 'utf8'),
    ).toBe(`# Written by pce lock: what the images of this repository are built on. Remove it to build on the newest ones.
version: 2
images:
  ${host}/base:1: ${old.base}
  ${host}/frontend:1: ${old.frontend}
buildkit:
  version: ${buildkit?.version}
  image: ${host}/buildkit:1@${old.buildkit}
`)
    await pce(checkout, ['clean'], classic)
    const still = await pce(checkout, ['lock', 'check'], classic)
    expect([still.exitCode, still.stdout]).toEqual([0, 'pce.lock: 0 of 3 tags moved\n'])

    for (const name of ['base', 'frontend', 'buildkit']) await moving.move(`${name}:1`)
    const drift = await pce(checkout, ['lock', 'check'], classic)
    const now = await digests()
    const names = ['base', 'frontend', 'buildkit']
    const lines = names.map(name => `${host}/${name}:1\n  locked ${old[name]}\n  now    ${now[name]}\n`)
    expect([drift.exitCode, drift.stdout]).toEqual([1, `${lines.join('')}pce.lock: 3 of 3 tags moved\n`])
    const again = await build()
    expect(stoodOn(again)).toEqual(old)
    expect(foundIn(again)).toEqual([])

    await rm(join(checkout.directory, 'pce.lock'))
    const moved = await build()
    expect(stoodOn(moved)).toEqual(now)
    expect(Object.values(stoodOn(moved)).filter(digest => Object.values(old).includes(digest))).toEqual([])
    expect(await leftovers(moved, classic)).toEqual([])
  },
  300_000,
)

onClassic(
  'a reproducible image is built by the BuildKit of the lock; without one a notice says that it may be another',
  async () => {
    const image = process.env.PCE_BUILDKIT_IMAGE ?? 'moby/buildkit:buildx-stable-1'
    const config = { build: { reproducible: true }, builder: { image } }
    await using checkout = await openCheckout('small', { config })
    const first = await pce(checkout, ['build'], classic)
    expect(first.exitCode).toBe(0)
    const [{ version, image: made } = {}] = buildkitOf(first) ?? []
    const notice = `BuildKit of the builder pce-${first.id} is ${version} (${made}): a reproducible image needs the same one tomorrow, and pce lock run.json holds it`
    expect(foundIn(first)).toMatchObject([{ rule: 'not-pinned', message: notice, blocking: false }])
    await pce(checkout, ['lock', join(first.directory, 'run.json')])
    await checkout.git('add', 'pce.lock')
    await checkout.git('commit', '--quiet', '--message=Lock')
    await pce(checkout, ['clean'], classic)

    const digests: unknown[] = []
    for (const _ of [1, 2]) {
      const locked = await pce(checkout, ['build'], classic)
      expect(locked.exitCode).toBe(0)
      expect(foundIn(locked)).toEqual([])
      expect(buildkitOf(locked)).toMatchObject([{ version, image: made }])
      digests.push(locked.record?.images.map(({ digest }) => digest))
      await pce(checkout, ['clean'], classic)
    }
    expect(digests[0]).toEqual(digests[1])
  },
  120_000,
)

it('a BuildKit that no run can choose is told where the lock has another', async () => {
  await using buildkitd = await openBuildkitd()
  const config = { builder: { driver: 'remote', endpoint: buildkitd.socket } }
  const digest = `sha256:${'0'.repeat(64)}`
  const lock = `version: 2\nimages: {}\nbuildkit: { version: "0.1.2", image: "moby/buildkit@${digest}" }\n`
  await using checkout = await openCheckout('small', { config, files: { 'pce.lock': lock } })
  const other = await pce(checkout, ['build'])
  expect(other.exitCode).toBe(0)
  const [{ version, image } = {}] = buildkitOf(other) ?? []
  expect([version, image]).toEqual([expect.stringMatching(/^\d/), undefined])
  const message = `BuildKit of the builder pce-${other.id} is ${version}, and pce.lock has 0.1.2 (moby/buildkit@${digest}): pce lock run.json writes it anew`
  expect(foundIn(other)).toMatchObject([{ rule: 'not-locked', message, location: { file: 'pce.lock' } }])

  const locked = await pce(checkout, ['lock', join(other.directory, 'run.json')])
  expect(locked.stdout).toBe(`pce.lock: 0 images, BuildKit ${version}, its version alone\n`)
  await pce(checkout, ['clean'])
  expect(foundIn(await pce(checkout, ['build']))).toEqual([])
}, 120_000)

onClassic(
  'a BuildKit that the lock has and nobody else is an error that says so',
  async () => {
    const digest = `sha256:${'0'.repeat(64)}`
    const lock = `version: 2\nimages: {}\nbuildkit: { version: "0.1.2", image: "127.0.0.1:1/buildkit:1@${digest}" }\n`
    const config = { builder: { image: '127.0.0.1:1/buildkit:1' } }
    await using checkout = await openCheckout('small', { config, files: { 'pce.lock': lock } })
    const { exitCode, stderr } = await pce(checkout, ['build'], classic)
    expect(exitCode).toBe(3)
    expect(stderr).toContain(`127.0.0.1:1/buildkit:1@${digest}`)
    expect(stderr).toContain('pce.lock pins that image: remove buildkit from it to build with another.')
  },
  60_000,
)

onCurrent(
  'the engine’s own builder bakes on what the lock has as well',
  async () => {
    await using moving = await openMoving()
    const { host } = moving
    const files = {
      Dockerfile: `# syntax=${host}/frontend:1\nFROM ${host}/base:1\nCOPY package.json /\nCOPY --from=docs / /docs/\n`,
      'docs/README': 'Documentation\n',
      'docker-bake.hcl': 'target "default" { contexts = { docs = "docs" } }\n',
    }
    await using checkout = await openCheckout('small', {
      config: { build: { 'bake-files': 'docker-bake.hcl' } },
      files,
    })
    const bake = async (): Promise<Ended> => {
      const ended = await pce(checkout, ['build'], current)
      expect(ended).toMatchObject({ exitCode: 0 })
      return ended
    }
    const first = await bake()
    const { base, frontend } = stoodOn(first)
    expect([base, frontend]).toEqual([await moving.digest('base:1'), await moving.digest('frontend:1')])
    const version = buildkitOf(first)?.[0]?.version
    const locked = await pce(checkout, ['lock', join(first.directory, 'run.json')])
    expect(locked.stdout).toBe(`pce.lock: 2 images, BuildKit ${version}, its version alone\n`)

    for (const name of ['base', 'frontend']) await moving.move(`${name}:1`)
    const again = await bake()
    expect([stoodOn(again), foundIn(again)]).toEqual([stoodOn(first), []])
    await rm(join(checkout.directory, 'pce.lock'))
    expect(stoodOn(await bake())).toMatchObject({
      base: await moving.digest('base:1'),
      frontend: await moving.digest('frontend:1'),
    })
    expect(await pce(checkout, ['clean'], current)).toMatchObject({ exitCode: 0 })
  },
  300_000,
)

it('pce lock check of a tag that is gone is an error with what to do', async () => {
  const lock = `version: 2\nimages: { "127.0.0.1:1/base:1": "sha256:${'0'.repeat(64)}" }\n`
  await using checkout = await openCheckout('small', { files: { 'pce.lock': lock } })
  const { exitCode, stderr } = await pce(checkout, ['lock', 'check'])
  expect(exitCode).toBe(3)
  expect(stderr).toContain('Look at 127.0.0.1:1/base:1: docker ended with exit code 1')
  expect(stderr).toContain('See that the registry is reachable, that the tag is still there')
})

it('pce lock of what is no record says so', async () => {
  await using checkout = await openCheckout('small')
  for (const [argv, said] of [
    [[], 'pce lock needs the path of a run.json, that of a run which built, or the word check'],
    [['check'], 'there is no pce.lock here\nBuild, then write one: pce lock run.json'],
    [['package.json'], 'package.json is not a run.json of this version of pce'],
  ] as const) {
    const { exitCode, stderr } = await pce(checkout, ['lock', ...argv])
    expect([exitCode, stderr]).toEqual([2, `${said}\n`])
  }
})
