import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { configJsonSchema, recordJsonSchema } from '../config/json-schema.ts'
import { UserError } from '../errors.ts'
import { type Record, recordSchema } from '../record/record.ts'
import { formats, isFormat, renderAs } from '../report/render.ts'
import type { Flags } from './flags.ts'
import { print } from './print.ts'

/** `pce report run.json --as junit`: renders a record. @throws UserError */
export async function report(flags: Flags): Promise<number> {
  const [file] = flags.words
  const format = flags.read('as') ?? 'terminal'
  if (file === undefined) throw new UserError('pce report needs the path of a run.json')
  if (!isFormat(format)) throw new UserError(`--as: found "${format}", expected one of ${formats.join(', ')}`)
  return print(renderAs(format, await readRecord(file)))
}

/** The record of a run. @throws UserError */
export async function readRecord(file: string): Promise<Record> {
  const text = await readFile(resolve(file), 'utf8').catch(cause => {
    throw new UserError(`can't read ${file}: ${cause.message}`, { cause })
  })
  try {
    return recordSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new UserError(`${file} is not a run.json of this version of pce`, { cause })
  }
}

/** `pce schema`, `pce schema run`: prints a JSON Schema. @throws UserError */
export function schema({ words: [which = 'config'] }: Flags): number {
  if (which === 'config') return print(JSON.stringify(configJsonSchema(), undefined, 2))
  if (which === 'run') return print(JSON.stringify(recordJsonSchema(), undefined, 2))
  throw new UserError(`pce schema: found "${which}", expected config or run`)
}
