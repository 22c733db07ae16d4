import { z } from 'zod'
import { attributesOf } from '../schema/csv.ts'
import { durationSchema, listOf } from '../schema/fields.ts'

const text = z.string().min(1)
/** A value that goes into BuildKit's `name=value,name=value`. */
const attribute = z.string().regex(/^[^,"\s]+$/, 'a value without commas, quotes and spaces')

/** Attributes with which BuildKit signs in (moby/buildkit README, "Export cache"); argv can be read by every process. */
const rights = ['token', 'ghtoken', 'access_key_id', 'secret_access_key', 'session_token']

/** Pure: the attribute of a cache that is a key or a token; undefined where it has none. */
export const rightIn = (item: string): string | undefined => {
  const attributes = attributesOf(item)
  return rights.find(name => attributes?.[name] !== undefined)
}

const raw = z.string().superRefine((item, context) => {
  const attributes = attributesOf(item)
  const right = rightIn(item)
  const refuse = (message: string) => context.addIssue({ code: 'custom', message })
  if (right !== undefined)
    refuse(`a cache without ${right}: other programs can read it there; sign in by the environment or a login`)
  else if (attributes === undefined ? !/^[^\s=,]+$/.test(item) : attributes.type === undefined)
    refuse("a cache in BuildKit's words, such as type=registry,ref=ghcr.io/acme/web:cache, or a reference")
})

/** The `cache` section. */
export const cacheConfigSchema = z
  .strictObject({
    type: z
      .enum(['auto', 'gha', 'registry', 's3', 'azblob', 'local', 'inline', 'none'])
      .default('auto')
      .describe(
        'Where layers are kept between runs: auto, gha, registry, s3, azblob, local, inline, none; auto takes what suits the machine',
      ),
    mode: z
      .enum(['min', 'max'])
      .default('max')
      .describe('max: the layers of every stage; min: those of the image alone'),
    scope: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]{0,40}$/, 'a name of letters, digits, dots and dashes')
      .optional()
      .describe('Keeps caches apart that would share a name, such as those of two workflows'),
    ref: attribute.optional().describe('registry, inline: repository of the cache, such as ghcr.io/acme/web-cache'),
    bucket: attribute.optional().describe('s3: bucket'),
    region: attribute.optional().describe('s3: region of the bucket'),
    prefix: attribute.optional().describe('s3, azblob: what the names of its objects begin with'),
    endpoint: attribute.optional().describe('s3: address of a service other than AWS'),
    account: attribute.optional().describe('azblob: address of the storage account'),
    container: attribute.optional().describe('azblob: container'),
    path: text.optional().describe('local: folder of the cache; the cache directory of the user when not given'),
    timeout: durationSchema.prefault('5 m').describe('How long writing the cache may take, once the gate has spoken'),
    'cache-from': listOf(raw, 'raw')
      .optional()
      .describe("Caches to read, in BuildKit's words, one a line; these and no others"),
    'cache-to': listOf(raw, 'raw')
      .optional()
      .describe("Caches to write, in BuildKit's words, one a line; these and no others"),
  })
  .superRefine((cache, context) => {
    for (const key of needed[cache.type] ?? [])
      if (cache[key] === undefined)
        context.addIssue({ code: 'custom', path: [key], message: `a value: a cache of type ${cache.type} needs one` })
  })
export type CacheConfig = z.output<typeof cacheConfigSchema>

type Key = 'bucket' | 'region' | 'account' | 'container'

/** Without these there is nowhere to keep it. */
const needed: Readonly<Record<string, readonly Key[]>> = {
  s3: ['bucket', 'region'],
  azblob: ['account', 'container'],
}
