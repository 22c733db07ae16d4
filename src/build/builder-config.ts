import { z } from 'zod'
import { listOf, pathSchema, sizeSchema } from '../schema/fields.ts'

const text = z.string().min(1)
const file = text

/** A node of a builder besides its first one. */
const nodeSchema = z.strictObject({
  name: text.optional().describe('Name of the node'),
  endpoint: text.describe('Its address, or its Docker context'),
  platforms: listOf(text).default([]).describe('Platforms that it is to build, where it should not choose itself'),
  'driver-opts': listOf(text, 'raw').default([]).describe('Options of the driver for this node'),
})

const host = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i,
    'a registry host such as docker.io, without a scheme or a path',
  )

const sectionSchema = z.strictObject({
  driver: z
    .enum(['auto', 'docker', 'docker-container', 'remote', 'kubernetes'])
    .default('auto')
    .describe(
      'Kind of builder; auto: that of the engine where it has the containerd image store, else docker-container',
    ),
  name: text.optional().describe('A builder that is there already: used as it is, and left there'),
  endpoint: text
    .optional()
    .describe('Address of the builder (tcp://host:1234, ssh://user@host, unix:///path), or a Docker context'),
  append: z.array(nodeSchema).default([]).describe('Further nodes: { endpoint, platforms, driver-opts, name }'),
  'driver-opts': listOf(text, 'raw')
    .default([])
    .describe('Options of the driver, one a line: network=host, env.NAME=value'),
  'buildkitd-flags': text.optional().describe('Flags of the BuildKit daemon'),
  'buildkitd-config': pathSchema.optional().describe('Configuration file of the BuildKit daemon (TOML)'),
  'buildkitd-config-inline': text.optional().describe('Configuration of the BuildKit daemon (TOML)'),
  mirrors: z.record(host, listOf(text)).default({}).describe('Mirrors of registries, by host'),
  ca: z.record(host, file).default({}).describe('Files with the certificate authorities of registries, by host'),
  'max-parallelism': z.number().int().min(1).optional().describe('Most build steps at a time'),
  'keep-storage': sizeSchema.optional().describe('Most that the cache of the builder keeps, such as 20 GB'),
  image: listOf(text)
    .default([])
    .describe('Images of BuildKit: the first one that can be had is taken; pinned ones when not given'),
  cacert: file.optional().describe('File with the certificate authority of a remote builder'),
  cert: file.optional().describe('File with the certificate that a remote builder asks for'),
  key: file.optional().describe('File with the key of that certificate'),
  servername: text.optional().describe('Name in the certificate of a remote builder; the host when not given'),
  qemu: z
    .union([z.literal('auto'), z.boolean()])
    .default('auto')
    .describe('Emulate platforms that no node has: auto installs QEMU on GitHub alone, true anywhere, false never'),
})
export type BuilderConfig = z.output<typeof sectionSchema>
export type NodeConfig = z.output<typeof nodeSchema>

/** What only a builder of BuildKit's own has: where one of these is asked for, the engine's is no choice. */
export const containerKeys = [
  'endpoint',
  'append',
  'driver-opts',
  'buildkitd-flags',
  'buildkitd-config',
  'buildkitd-config-inline',
  'mirrors',
  'ca',
  'max-parallelism',
  'keep-storage',
  'image',
] as const satisfies readonly (keyof BuilderConfig)[]

const daemonKeys = containerKeys.filter(key => !['endpoint', 'append', 'driver-opts'].includes(key))
const tlsKeys = ['cacert', 'cert', 'key', 'servername'] as const

/** True for a key that says something: neither absent nor an empty list or map. */
export const isGiven = (config: BuilderConfig, key: keyof BuilderConfig): boolean => {
  const value = config[key]
  return typeof value === 'object' ? Object.keys(value).length > 0 : value !== undefined
}

/** Keys that mean nothing beside others, with the reason. */
function* strayKeys(config: BuilderConfig): Generator<readonly [keyof BuilderConfig, string]> {
  const { driver } = config
  const strays = (keys: readonly (keyof BuilderConfig)[], why: string) =>
    keys.filter(key => isGiven(config, key)).map(key => [key, `nothing: ${why}`] as const)
  if (config.name !== undefined) {
    const own = [...containerKeys, ...tlsKeys]
    yield* strays(own, 'builder.name is a builder that is there already, with settings of its own')
    if (driver !== 'auto') yield ['driver', 'auto: builder.name is a builder that is there already']
  }
  if (driver === 'docker') yield* strays(containerKeys, 'the engine’s own builder has no such setting')
  if (driver === 'remote') yield* strays(daemonKeys, 'a remote builder has a configuration of its own')
  else yield* strays(tlsKeys, 'it is for driver: remote')
  if (isGiven(config, 'buildkitd-config') && isGiven(config, 'buildkitd-config-inline'))
    yield ['buildkitd-config-inline', 'nothing: buildkitd-config names a file']
}

/** Keys that are missing beside others, with what they are to be. */
function* missingKeys(config: BuilderConfig): Generator<readonly [keyof BuilderConfig, string]> {
  if (config.driver === 'remote' && config.endpoint === undefined)
    yield ['endpoint', 'the address of the remote builder, such as tcp://host:1234']
  if (config.cert !== undefined && config.key === undefined) yield ['key', 'the file with the key of builder.cert']
  if (config.key !== undefined && config.cert === undefined)
    yield ['cert', 'the file with the certificate of builder.key']
  if (config.cert !== undefined && config.cacert === undefined)
    yield ['cacert', 'the file with the certificate authority of the builder']
}

/** The `builder` section. */
export const builderConfigSchema = sectionSchema.superRefine((config, context) => {
  for (const [key, message] of [...strayKeys(config), ...missingKeys(config)])
    context.addIssue({ code: 'custom', path: [key], message })
})
