import { parse } from 'csv-parse/sync'

/** One item of a list as text: where it ends (a line from 1) and what it is, without quotes around it. */
export interface Item {
  readonly line: number
  readonly text: string
}

/** A delimiter that no argument and no variable of an environment can hold. */
const never = '\0'

interface Rules {
  /** also a comma ends an item */
  readonly commas: boolean
  /** false: quotes and spaces are the item's own */
  readonly quotes?: boolean
  /** true: a line that begins with # is no item */
  readonly comments?: boolean
  /** false: nothing is taken away at the ends of an item */
  readonly trim?: boolean
}

/**
 * The items of a list, one a line. One that begins with a quote ends at the next single quote, so that it may hold line
 * ends and commas; a quote in it is written twice (RFC 4180). Quotes in the middle of other items are their own.
 * @throws Error of csv-parse for a quoted item with text behind it, or without an end; it quotes nothing of the text
 */
export function itemsOf(
  text: string,
  { commas, quotes = true, comments = false, trim = true }: Rules,
): readonly Item[] {
  const lines: number[] = []
  const records: string[][] = parse(text, {
    delimiter: commas ? ',' : never,
    // Where nothing is taken away, a carriage return before the line's end is the item's own.
    record_delimiter: trim ? ['\r\n', '\n'] : ['\n'],
    quote: quotes ? '"' : false,
    relax_quotes: quotes,
    comment: comments ? '#' : null,
    comment_no_infix: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim,
    on_record(record: string[], info) {
      lines.push(info.lines)
      return record
    },
  })
  return records.flatMap((record, index) =>
    record.filter(item => item.trim() !== '').map(item => ({ line: lines[index] ?? 0, text: item })),
  )
}

/** `type=local,"dest=a,b"` → `{ type: 'local', dest: 'a,b' }`, as buildx reads its options; undefined when it can't. */
export function attributesOf(text: string): Readonly<Record<string, string>> | undefined {
  try {
    const [fields = []]: string[][] = parse(text, { relax_column_count: true })
    const pairs = fields.map(field => [field.slice(0, Math.max(0, field.indexOf('='))), field] as const)
    return pairs.some(([name]) => name === '')
      ? undefined
      : Object.fromEntries(pairs.map(([name, field]) => [name.trim().toLowerCase(), field.slice(name.length + 1)]))
  } catch {
    return undefined
  }
}

/** One field of such an option, quoted where it must be. */
export const fieldOf = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
