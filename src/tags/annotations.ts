import { UserError } from '../errors.ts'
import type { Misread } from './rule.ts'

/** Where an annotation stands (moby/buildkit, docs/annotations.md); one platform's alone: `manifest[linux/arm64]`. */
const levels = ['manifest', 'index', 'manifest-descriptor', 'index-descriptor'] as const

/** Annotations by level: `{ index: { 'org.opencontainers.image.title': 'web' }, 'manifest[linux/arm64]': { … } }`. */
export type Annotations = Readonly<Record<string, Readonly<Record<string, string>>>>

export interface Annotation {
  /** none: those that hold where an annotation names none */
  readonly levels: readonly string[]
  readonly key: string
  readonly value: string
}

const levelPattern = new RegExp(String.raw`^(${levels.join('|')})(\[[a-z0-9]+/[a-z0-9_]+(/v\d+)?\])?$`)

/** Pure: `key=value`, or with levels before it: `manifest,index:key=value`. */
export function parseAnnotation(text: string): Annotation | Misread {
  const [, before, key = '', value = ''] = /^(?:([a-z,[\]/0-9_-]+):)?([^=]+)=([\s\S]*)$/.exec(text.trim()) ?? []
  const named = before?.split(',').map(level => level.trim()) ?? []
  const isKey = key !== '' && !/\s/.test(key.trim())
  if (!isKey) return { fault: 'an annotation: name=value, or with levels before it, manifest,index:name=value' }
  const unknown = named.find(level => !levelPattern.test(level))
  return unknown === undefined ? { levels: named, key: key.trim(), value } : { fault: levels.join(', ') }
}

/** @throws UserError for a level that there is none of */
export function checkLevels(named: readonly string[]): readonly string[] {
  const unknown = named.find(level => !levelPattern.test(level))
  if (unknown === undefined) return named
  throw new UserError(
    `DOCKER_METADATA_ANNOTATIONS_LEVELS: found ${JSON.stringify(unknown)}, expected ${levels.join(', ')}`,
  )
}

/** Pure: as `--annotation` and the annotations of a bake file take them: `manifest:key=value`. */
export const renderAnnotations = (annotations: Annotations): readonly string[] =>
  Object.entries(annotations).flatMap(([level, values]) =>
    Object.entries(values).map(([key, value]) => `${level}:${key}=${value}`),
  )
