import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { configSchema } from '../../src/config/schema.ts'
import { digestSchema } from '../../src/record/image.ts'
import { recordSchema } from '../../src/record/record.ts'
import type { File } from './file.ts'

/** The JSON Schemas of `pce.yml` and of `run.json`, draft 7, which editors know best. */
export const schemaFiles = (): readonly File[] =>
  [
    { path: 'docs/pce.schema.json', value: configFile() },
    { path: 'docs/run.schema.json', value: recordFile() },
  ].map(({ path, value }) => ({ path, text: format(path, JSON.stringify(value)) }))

function configFile() {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
    // The mark that tells readers of text what may be split says nothing to an editor.
    override: ({ jsonSchema }) => delete jsonSchema.list,
  })
  const description = 'From a commit to a checked, tested, scanned image in a registry'
  return {
    $schema,
    title: 'pce.yml',
    description,
    ...schema,
    properties: { ...schema.properties, images: images(schema) },
  }
}

/** One of several images need not have the keys that the root gives to all, so nothing inside its sections is required. */
function images({ properties }: z.core.JSONSchema.BaseSchema): unknown {
  const text = JSON.stringify(properties?.images, (key, value) => (key === 'required' ? undefined : value))
  return JSON.parse(text)
}

function recordFile() {
  const { $schema, ...schema } = z.toJSONSchema(recordSchema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === digestSchema) Object.assign(jsonSchema, { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' })
    },
  })
  return { $schema, title: 'run.json', description: 'Everything that a run did', ...schema }
}

/** As the repository's formatter would write it, so that the two never fight. */
const format = (path: string, text: string): string =>
  execFileSync(join(import.meta.dirname, '../../node_modules/.bin/biome'), ['format', `--stdin-file-path=${path}`], {
    input: text,
    encoding: 'utf8',
  })
