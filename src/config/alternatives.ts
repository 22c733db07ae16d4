import type { z } from 'zod'

/** What may stand at a place in `pce.yml`, as JSON Schema says it. */
export type Shape = z.core.JSONSchema.BaseSchema

/** True for a shape that says something: `true` and `false` are shapes too. */
export const isShape = (value: unknown): value is Shape =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The alternatives of a shape: itself, where it has none. */
export const alternativesOf = (shape: Shape): readonly Shape[] =>
  shape.anyOf === undefined ? [shape] : shape.anyOf.filter(isShape).flatMap(alternativesOf)

/** The JSON types that may stand where a shape says. */
export const typesOf = (shape: Shape): ReadonlySet<string> =>
  new Set(alternativesOf(shape).flatMap(({ type }) => type ?? []))
