import { parse } from 'csv-parse/sync'

/**
 * Pure: the lines of a list as metadata-action takes them: CSV with comments from `#` at a line's beginning, so that a
 * quoted value may hold commas and line ends. Each line is its fields; blank ones are left out.
 */
export const linesOf = (text: string): readonly (readonly string[])[] =>
  shielded(text, fieldsOf)
    .map(fields => fields.map(field => field.trim()).filter(field => field !== ''))
    .filter(fields => fields.length > 0)

/** Quotes that are never closed are no CSV: then each line is one field, for its reader to refuse. */
function fieldsOf(text: string): string[][] {
  try {
    return parse(text, {
      comment: '#',
      comment_no_infix: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    })
  } catch {
    return text.split(/\r?\n/).map(line => [line])
  }
}

/** Commas of an expression are its own: `{{date 'dddd, MMMM Do'}}`. */
function shielded(text: string, read: (text: string) => string[][]): string[][] {
  const stand = '\u0000'
  const hidden = text.replaceAll(/\{\{.*?\}\}/g, expression => expression.replaceAll(',', stand))
  return read(hidden).map(fields => fields.map(field => field.replaceAll(stand, ',')))
}

const attribute = /^(type|enable|priority|prefix|suffix|value|pattern|match|group|format|branch|event|name|latest)=/i

/**
 * Pure: the items of a list of rules: a line of attributes is one item (`type=raw,value=edge`), a line of names is one
 * item each (`acme/web:1,acme/web:2`, as build-push-action takes them). A further `type=` begins a new rule.
 */
export function splitRules(text: string): string[] {
  return linesOf(text).flatMap(fields => {
    if (!fields.some(field => attribute.test(field))) return fields
    const rules: string[][] = []
    for (const field of fields) {
      if (begins(field, rules.at(-1) ?? [])) rules.push([field])
      else rules.at(-1)?.push(field)
    }
    return rules.map(rule => rule.map(quoted).join(','))
  })
}

/** A new type, or a name where the rule before has no place for one. */
function begins(field: string, rule: readonly string[]): boolean {
  if (rule.length === 0 || /^type=/i.test(field)) return true
  return !attribute.test(field) && rule.some(one => /^(value=|type=(sha|ref|edge|schedule)$|[^=]*$)/i.test(one))
}

const quoted = (field: string): string =>
  /[,"\n]/.test(field.replaceAll(/\{\{.*?\}\}/g, '')) ? `"${field.replaceAll('"', '""')}"` : field

/** Pure: the attributes of one item, in order; a field without a key has the key that is given for it. */
export const attributesOf = (item: string, bare: string): readonly (readonly [string, string])[] =>
  linesOf(item)
    .flat()
    .map(field => {
      const [, key, value] = /^([^={]+?)\s*=\s*([\s\S]*)$/.exec(field) ?? []
      return key === undefined || value === undefined ? [bare, field] : [key.toLowerCase(), value]
    })
