import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { writeOutputs } from '../../src/actions/outputs.ts'
import { solveName } from '../../src/build/output.ts'
import type { Done } from '../../src/perform.ts'
import type { Digest, Image } from '../../src/record/image.ts'

const digest = (digit: string): Digest => `sha256:${digit.repeat(64)}`
const image = (platform: string, digit: string): Image => ({
  name: '',
  target: '',
  platform,
  digest: digest(digit),
  repository: '127.0.0.1:1/acme/web',
})
const index = { name: '', repository: '127.0.0.1:1/acme/web', digest: digest('1'), platforms: [] }
const ofBuildx = {
  'containerimage.digest': digest('f'),
  'containerimage.descriptor': { size: 1 },
  'buildx.build.ref': 'b',
  'image.name': '127.0.0.1:1/acme/web',
}

const called = (tags: readonly string[]) => ({
  version: '',
  tags,
  tagNames: [],
  references: [],
  places: tags.map(() => ({})),
  labels: {},
  annotations: [],
})

/** The output `metadata` of a build of these images, of which buildx told this. */
async function metadataOf(images: readonly Image[], indexes: readonly object[], told: object, tags: string[] = []) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'outputs-'))
  await mkdir(join(folder.path, 'metadata'))
  for (const { platform } of images) {
    const file = `${solveName('', 'default', platform)}.json`
    await writeFile(join(folder.path, 'metadata', file), JSON.stringify(told))
  }
  const record = { images, indexes: indexes.map(one => ({ images: [], ...one })), tasks: [], pushed: [] }
  const done = {
    record,
    run: { id: 'a', directory: folder.path },
    plan: { metadata: tags.length === 0 ? {} : { '': called(tags) } },
    exitCode: 0,
  }
  const { metadata = '' } = await writeOutputs(done as unknown as Done)
  return JSON.parse(metadata)
}

const amd64 = image('linux/amd64', 'a')
const arm64 = image('linux/arm64', 'b')
const shipped = (digit: string) => ({ 'containerimage.digest': digest(digit), 'buildx.build.ref': 'b' })

it('metadata tells the digest that ships, not that of an index which never leaves staging', async () => {
  const { 'image.name': _, ...told } = ofBuildx
  expect(await metadataOf([amd64], [], { ...ofBuildx, 'containerimage.digest': digest('a') })).toEqual({
    ...told,
    'containerimage.digest': digest('a'),
  })
  expect(await metadataOf([amd64], [index], ofBuildx)).toEqual(shipped('1'))
})

it('metadata of several platforms tells the digest of the index, and what buildx says of each', async () => {
  expect(await metadataOf([amd64, arm64], [index], ofBuildx)).toEqual({
    'containerimage.digest': digest('1'),
    'linux/amd64': shipped('a'),
    'linux/arm64': shipped('b'),
  })
})

it('metadata has the names that the image gets, and none of staging', async () => {
  const names = { 'image.name': 'acme/web:1.2,ghcr.io/acme/web:1.2' }
  const tags = ['acme/web:1.2', 'ghcr.io/acme/web:1.2']
  expect(await metadataOf([amd64], [index], ofBuildx, tags)).toEqual({ ...shipped('1'), ...names })
  expect(await metadataOf([amd64, arm64], [index], ofBuildx, tags)).toEqual({
    'containerimage.digest': digest('1'),
    ...names,
    'linux/amd64': { ...shipped('a'), ...names },
    'linux/arm64': { ...shipped('b'), ...names },
  })
})
