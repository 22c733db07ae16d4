import { parse } from 'csv-parse/sync'

/** Options as Docker reads them: one record of CSV (RFC 4180). */
export const csvOf = (options: readonly string[]): string =>
  options.map(option => (/[",\n]/.test(option) ? `"${option.replaceAll('"', '""')}"` : option)).join(',')

/** Options by name, from lines that may each hold several: `image=a,"env.NO_PROXY=b,c"`. */
export const optionsIn = (lines: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(lines.flatMap(fieldsOf).map(nameAndValue))

/** A line that is no CSV is left whole: buildx has the better words for it. */
function fieldsOf(line: string): readonly string[] {
  try {
    return parse(line)[0] ?? []
  } catch {
    return [line]
  }
}

function nameAndValue(field: string): readonly [string, string] {
  const equals = field.indexOf('=')
  return equals < 0 ? [field, ''] : [field.slice(0, equals).trim(), field.slice(equals + 1)]
}
