import { z } from 'zod'
import { alternativesOf, isShape, type Shape } from './alternatives.ts'
import { configSchema } from './schema.ts'
import type { Path } from './tree.ts'

/** `pce.yml` as JSON Schema draft 7, which editors know best; lists that may be given as one item carry `list`. */
export const whole: Shape = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' })

const childOf = (shape: Shape, key: string | number): Shape | undefined =>
  [shape.properties?.[key], shape.additionalProperties, typeof key === 'number' ? shape.items : undefined].find(isShape)

/** The shape of what stands at a path; undefined where nothing may stand. */
export const shapeAt = (path: Path): Shape | undefined =>
  path.reduce<Shape | undefined>((shape, key) => shape && firstChildOf(shape, key), whole)

const firstChildOf = (shape: Shape, key: string | number): Shape | undefined =>
  alternativesOf(shape)
    .map(one => childOf(one, key))
    .find(child => child !== undefined)

/** The keys that are known at a path. */
export const keysAt = (path: Path): readonly string[] =>
  alternativesOf(shapeAt(path) ?? {}).flatMap(({ properties }) => Object.keys(properties ?? {}))
