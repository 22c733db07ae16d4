import { z } from 'zod'
import { digestSchema } from '../record/image.ts'
import { recordSchema } from '../record/record.ts'
import { mentionPattern } from './mention.ts'
import { configSchema, isImageKey } from './schema.ts'

/** The JSON Schema of `pce.yml`, draft 7, which editors know best. */
export function configJsonSchema() {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, {
    io: 'input',
    target: 'draft-7',
    override({ jsonSchema, path }) {
      // The mark that tells readers of text what may be split says nothing to an editor.
      delete jsonSchema.list
      const { pattern } = jsonSchema
      // One schema may come here more than once.
      if (pattern !== undefined && mayMention(path) && !pattern.endsWith(mentionPattern))
        jsonSchema.pattern = `${pattern}|${mentionPattern}`
    },
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

/** True for values of an image: its matrix fills them in, so they need not yet be what they will be. */
const mayMention = ([, key, ...rest]: readonly (string | number)[]): boolean =>
  (key === 'image' || key === 'images' || isImageKey(key)) && rest.at(-1) !== 'propertyNames'

/** One of several images need not have the keys that the root gives to all, so nothing inside its sections is required. */
function images({ properties }: z.core.JSONSchema.BaseSchema): unknown {
  const text = JSON.stringify(properties?.images, (key, value) => (key === 'required' ? undefined : value))
  return JSON.parse(text)
}

/** The JSON Schema of `run.json`, draft 7. */
export function recordJsonSchema() {
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
