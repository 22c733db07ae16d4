import type { DocumentNode, ValueNode } from '@humanwhocodes/momoa'
import { z } from 'zod'
import { UserError } from '../../errors.ts'
import { parseJson, type Source } from './json.ts'

const variable = z.object({ key: z.string().optional(), id: z.string().optional(), value: z.unknown().optional() })
const script = z.object({ exec: z.union([z.string(), z.array(z.string())]).optional() })
const event = z.object({ script: z.union([script, z.string()]).optional() })
const common = {
  auth: z.unknown().optional(),
  event: z.array(event).default([]),
  variable: z.array(variable).default([]),
}
const commonSchema = z.object(common)

export interface Item extends z.infer<typeof commonSchema> {
  readonly name?: string | undefined
  readonly request?: unknown
  readonly item?: readonly Item[] | undefined
}

const itemSchema: z.ZodType<Item> = z.object({
  name: z.string().optional(),
  request: z.unknown().optional(),
  item: z.array(z.lazy(() => itemSchema)).optional(),
  ...common,
})

const collectionSchema = z.object({
  info: z.object({ name: z.string(), schema: z.string() }),
  item: z.array(itemSchema),
  ...common,
})

/** A collection and where its requests stand. `lines` are those of its requests' names, in the order of the file. */
export interface Collection {
  readonly path: string
  readonly name: string
  readonly content: z.infer<typeof collectionSchema>
  readonly lines: readonly number[]
}

const advice = 'export it from Postman as "Collection v2.1" and give that file'

/** Parses a Postman collection v2.0 or v2.1. @throws UserError that says what the file is instead, and what to export. */
export function parseCollection(source: Source): Collection {
  if (/\.ya?ml$/.test(source.path)) {
    throw new UserError(`${source.path}: collections in YAML (v3) run in Postman's own program only; ${advice}`)
  }
  const { document, value } = parseJson(source)
  refuseOthers(source.path, value)
  const parsed = collectionSchema.safeParse(value)
  if (!parsed.success) {
    throw new UserError(`${source.path}: not a Postman collection v2.1; ${advice}\n${z.prettifyError(parsed.error)}`)
  }
  return { path: source.path, name: parsed.data.info.name, content: parsed.data, lines: linesOf(document.body) }
}

const has = (value: unknown, ...keys: string[]): boolean =>
  typeof value === 'object' && value !== null && keys.every(key => key in value)

function refuseOthers(path: string, value: unknown): void {
  const other = otherKind(value)
  if (other !== undefined) throw new UserError(`${path}: ${other}; ${advice}`)
}

function otherKind(value: unknown): string | undefined {
  if (has(value, 'values', 'name')) return 'a Postman environment, not a collection'
  if (has(value, 'openapi') || has(value, 'swagger')) return 'an OpenAPI document, not a collection'
  if (has(value, 'requests', 'order')) return 'a Postman collection v1'
  if (has(value, 'collection')) return "the answer of Postman's API around a collection"
  if (!has(value, 'info', 'item')) return 'not a Postman collection v2.1: it has no "info" and "item"'
  const { info } = value as { info: unknown }
  const schema = has(info, 'schema') ? String((info as { schema: unknown }).schema) : 'missing'
  return /\/v2\.[01]\.0\//.test(schema) ? undefined : `not a Postman collection v2.0 or v2.1: info.schema is ${schema}`
}

const member = (node: ValueNode, name: string): ValueNode | undefined =>
  node.type === 'Object'
    ? node.members.find(({ name: key }) => key.type === 'String' && key.value === name)?.value
    : undefined

function linesOf(node: DocumentNode['body']): number[] {
  const items = member(node, 'item')
  if (items?.type !== 'Array') return []
  return items.elements.flatMap(({ value }) =>
    member(value, 'item') === undefined ? [(member(value, 'name') ?? value).loc.start.line] : linesOf(value),
  )
}
