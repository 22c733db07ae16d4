import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { damageOf } from '../../src/cache/whole.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pce-whole-'))
  await mkdir(join(folder, 'blobs/sha256'), { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`
const pathOf = (digest: string): string => join(folder, 'blobs', ...digest.split(':'))

async function blob(mediaType: string, text: string) {
  const digest = digestOf(text)
  await writeFile(pathOf(digest), text)
  return { mediaType, digest, size: Buffer.byteLength(text) }
}

/** A cache as BuildKit writes it: an index over its layers and its configuration, or a manifest with `image-manifest`. */
async function writeCache(kind: 'index' | 'manifest') {
  const layer = await blob('application/vnd.oci.image.layer.v1.tar+gzip', 'a layer')
  const config = await blob('application/vnd.buildkit.cacheconfig.v0', '{}')
  const list = kind === 'index' ? { manifests: [layer, config] } : { layers: [layer], config }
  const top = await blob(`application/vnd.oci.image.${kind}.v1+json`, JSON.stringify(list))
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [top] }))
  return { layer, config, top }
}

it.each(['index', 'manifest'] as const)(
  'one with an %s is whole until a blob is gone or has another size',
  async kind => {
    const { layer, config, top } = await writeCache(kind)
    expect(await damageOf(folder)).toBe(undefined)
    await truncate(pathOf(layer.digest), 3)
    expect(await damageOf(folder)).toBe(`${layer.digest} has 3 bytes of 7`)
    await writeFile(pathOf(layer.digest), 'a layer')
    await rm(pathOf(config.digest))
    expect(await damageOf(folder)).toBe(`${config.digest} is not there`)
    await writeFile(pathOf(top.digest), '?'.repeat(top.size))
    expect(await damageOf(folder)).toBe(`${top.digest} is not what it was`)
  },
)

it('one that goes round in a circle, or out of its folder, is none', async () => {
  const { top } = await writeCache('index')
  const text = JSON.stringify({ manifests: [top] }).padEnd(top.size)
  const round = { ...top, size: Buffer.byteLength(text) }
  const own = JSON.stringify({ manifests: [round] }).padEnd(round.size)
  await writeFile(pathOf(top.digest), own)
  await writeFile(join(folder, 'index.json'), JSON.stringify({ manifests: [round] }))
  expect(await damageOf(folder)).toBe(`${top.digest} is not what it was`)
  await writeFile(join(folder, 'index.json'), JSON.stringify({ manifests: [{ ...top, digest: 'sha256:../../x' }] }))
  expect(await damageOf(folder)).toBe('its index.json is not one')
})

it.each(['', '{', '[]', '{"manifests":[1]}'])('an index.json of %j is none', async text => {
  await writeFile(join(folder, 'index.json'), text)
  expect(await damageOf(folder)).toBe('its index.json is not one')
})
