import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { configJsonSchema, recordJsonSchema } from '../../src/config/json-schema.ts'
import type { File } from './file.ts'

/** The JSON Schemas of `pce.yml` and of `run.json`, draft 7, which editors know best. */
export const schemaFiles = (): readonly File[] =>
  [
    { path: 'docs/pce.schema.json', value: configJsonSchema() },
    { path: 'docs/run.schema.json', value: recordJsonSchema() },
  ].map(({ path, value }) => ({ path, text: format(path, JSON.stringify(value)) }))

/** As the repository's formatter would write it, so that the two never fight. */
const format = (path: string, text: string): string =>
  execFileSync(join(import.meta.dirname, '../../node_modules/.bin/biome'), ['format', `--stdin-file-path=${path}`], {
    input: text,
    encoding: 'utf8',
  })
