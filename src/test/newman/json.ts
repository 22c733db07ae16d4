import { readFile, stat } from 'node:fs/promises'
import { type DocumentNode, evaluate, parse } from '@humanwhocodes/momoa'
import { UserError } from '../../errors.ts'

/** A file as the user names it, and its text. */
export interface Source {
  /** for messages and records: relative to the checkout */
  readonly path: string
  readonly text: string
}

/** Reads a file that the user named. @throws UserError when it is missing, a directory, unreadable or empty. */
export async function readSource(file: string, path: string, what: string): Promise<Source> {
  const found = await stat(file).catch(() => undefined)
  if (found === undefined) throw new UserError(`${path}: no such file; give the path of ${what}`)
  if (!found.isFile()) throw new UserError(`${path}: not a file; give the path of ${what}`)
  const text = await readFile(file, 'utf8').catch(cause => {
    throw new UserError(`${path}: can't be read (${cause.code})`, { cause })
  })
  if (text.trim() === '') throw new UserError(`${path}: empty; expected ${what}`)
  return { path, text: text.replace(/^\uFEFF/, '') }
}

/** Parses JSON and keeps where each value stands. @throws UserError with line and column. */
export function parseJson({ path, text }: Source): { document: DocumentNode; value: unknown } {
  try {
    const document = parse(text)
    return { document, value: evaluate(document) }
  } catch (error) {
    if (!isPositioned(error)) throw error
    const [line, column, message] = error.message.startsWith('Unexpected end') ? endOf(text) : placed(error)
    throw new UserError(`${path}:${line}:${column}: not valid JSON: ${message}`, { cause: error })
  }
}

type Positioned = Error & { readonly line: number; readonly column: number }
const isPositioned = (error: unknown): error is Positioned => error instanceof Error && 'line' in error

const placed = ({ line, column, message }: Positioned) =>
  [line, column, message.replace(/ found\. \(\d+:\d+\)$/, '').replace(/^U/, 'u')] as const

function endOf(text: string) {
  const lines = text.trimEnd().split('\n')
  return [lines.length, (lines.at(-1) ?? '').length + 1, 'it ends here, unfinished'] as const
}
