import { z } from 'zod'
import { UserError } from '../../errors.ts'
import { parseJson, type Source } from './json.ts'

const environmentSchema = z.looseObject({
  values: z.array(
    z.looseObject({
      key: z.string(),
      value: z.unknown(),
      type: z.string().optional(),
      enabled: z.boolean().default(true),
    }),
  ),
})

/** What matters of a Postman environment before it is used. `secrets` are the values that it marks as secret. */
export interface Environment {
  readonly names: readonly string[]
  readonly secrets: readonly string[]
}

/** Parses a Postman environment. @throws UserError when the file is something else. */
export function parseEnvironment(source: Source): Environment {
  const parsed = environmentSchema.safeParse(parseJson(source).value)
  if (!parsed.success) {
    throw new UserError(
      `${source.path}: not a Postman environment; export it from Postman's Environments\n${z.prettifyError(parsed.error)}`,
    )
  }
  const { values } = parsed.data
  return {
    names: values.filter(({ enabled }) => enabled).map(({ key }) => key),
    secrets: values.filter(({ type, value }) => type === 'secret' && Boolean(value)).map(({ value }) => String(value)),
  }
}

/** The names of the columns of iteration data: JSON (a list of objects) or CSV with a header row, as Newman reads it. */
export function columnsOf({ text }: Source): string[] {
  try {
    const rows: unknown = JSON.parse(text)
    return Array.isArray(rows) ? [...new Set(rows.flatMap(row => Object.keys(row ?? {})))] : []
  } catch {
    const [header = ''] = text.split(/\r?\n/, 1)
    return header.split(',').map(name => name.trim().replace(/^"(.*)"$/, '$1'))
  }
}
