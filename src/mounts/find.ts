import { posix } from 'node:path'
import type { Expanded } from './expand.ts'
import { findStages, type Solve, type Step } from './stages.ts'

/** A cache mount, as BuildKit tells it from others. */
export interface CacheMount {
  /** the id, or the cleaned target: moby/buildkit frontend/dockerfile/dockerfile2llb/convert_runmount.go */
  readonly id: string
  /** uid, gid and mode of the folder, where they are given: BuildKit keeps a mount of its own for each */
  readonly owner: string
}

/** What a Dockerfile says about cache mounts. */
export interface Found {
  readonly mounts: readonly CacheMount[]
  /** images that the stages with mounts stand on, the first one first */
  readonly images: readonly string[]
  /** for each mount that is left alone, why: `/root/.cache: …` */
  readonly left: readonly string[]
}

/** The cache mounts of the stages that a solve needs. Pure. */
export function findMounts(text: string, solve: Solve): Found {
  const stages = findStages(text, solve).map(({ image, steps }) => ({ image, read: steps.flatMap(readMounts) }))
  const read = stages.flatMap(stage => stage.read)
  const mounts = read.flatMap(one => (typeof one === 'string' ? [] : [one]))
  const images = stages.flatMap(stage => (stage.read.some(one => typeof one !== 'string') ? (stage.image ?? []) : []))
  return {
    mounts: [...new Map(mounts.map(mount => [nameOf(mount), mount])).values()],
    images: [...new Set(images)],
    left: [...new Set(read.filter(one => typeof one === 'string'))],
  }
}

/** What tells a mount from the others of a builder: `/root/.npm`, `npm uid=1000,gid=1000`. */
export const nameOf = ({ id, owner }: CacheMount): string => (owner === '' ? id : `${id} ${owner}`)

/** The cache mounts of a RUN: each one, or why it is left alone. */
const readMounts = (step: Step): readonly (CacheMount | string)[] =>
  step.flags.flatMap(flag => (flag.startsWith('--mount=') ? readMount(flag.slice('--mount='.length), step) : []))

function readMount(text: string, step: Step): readonly (CacheMount | string)[] {
  const fields = new Map(fieldsOf(text).map(field => readField(field, step)))
  const value = (key: string): string => fields.get(key)?.value ?? ''
  if (value('type').toLowerCase() !== 'cache') return []
  const name = value('id') === '' ? 'target' : 'id'
  if (value(name) === '') return []
  const missing = [name, ...ownerKeys].flatMap(key => fields.get(key)?.missing ?? [])
  if (missing.length > 0)
    return [`${text}: only the build knows $${missing.join(', $')}; give the mount an id without it`]
  if (fields.has('from') || posix.join('/', value('source')) !== '/')
    return [`${text}: it begins with files of another stage (from, source)`]
  const owner = ownerKeys.flatMap(key => (fields.has(key) ? [`${key}=${value(key)}`] : []))
  if (owner.some(one => !/=\d+$/.test(one))) return []
  return [{ id: name === 'id' ? value('id') : cleaned(value('target')), owner: owner.join(',') }]
}

const ownerKeys = ['uid', 'gid', 'mode'] as const

const otherNames: Readonly<Record<string, string>> = { dst: 'target', destination: 'target', src: 'source' }

function readField(field: string, step: Step): readonly [string, Expanded] {
  const [written = '', ...tail] = field.split('=')
  const key = written.toLowerCase()
  return [otherNames[key] ?? key, step.expand(tail.join('='))]
}

/** Fields of a CSV line: a field that holds a comma is quoted. */
const fieldsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare,
  )

/** Go's path.Clean. */
const cleaned = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/, '')
