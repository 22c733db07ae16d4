import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { parse, stringify, type TomlTable, type TomlValue } from 'smol-toml'
import { UserError } from '../errors.ts'
import type { Scope } from '../task/scope.ts'
import type { BuilderConfig } from './builder-config.ts'
import { readDefaultConfig } from './buildx-folder.ts'

type Plain = Pick<BuilderConfig, 'mirrors' | 'ca' | 'max-parallelism' | 'keep-storage'>

/**
 * The configuration of the BuildKit daemon (moby/buildkit, docs/buildkitd.toml.md); undefined where none is asked for,
 * and buildx takes its own default. The file or text of the user stands in that default's place; plain keys are added to
 * whichever there is. @throws UserError for a file that can't be read, and for what is no TOML, with its place.
 */
export async function daemonConfig(
  config: BuilderConfig,
  scope: Pick<Scope, 'context' | 'env'>,
): Promise<string | undefined> {
  const [own, plain] = [await ownConfig(config, scope.context), plainConfig(config, scope.context)]
  if (own === undefined && Object.keys(plain).length === 0) return undefined
  const base = own ?? { text: (await readDefaultConfig(scope.env)) ?? '', name: 'buildkitd.default.toml of buildx' }
  return stringify(merge(parseToml(base), plain))
}

interface Source {
  readonly text: string
  /** what to call it in a message */
  readonly name: string
}

async function ownConfig(config: BuilderConfig, context: string): Promise<Source | undefined> {
  const inline = config['buildkitd-config-inline']
  if (inline !== undefined) return { text: inline, name: 'builder.buildkitd-config-inline' }
  const path = config['buildkitd-config']
  if (path === undefined) return undefined
  const text = await readFile(join(context, path), 'utf8').catch((cause: unknown) => {
    throw new UserError(`builder.buildkitd-config: ${path} can't be read in ${context}`, { cause })
  })
  return { text, name: `builder.buildkitd-config: ${path}` }
}

function parseToml({ text, name }: Source): TomlTable {
  try {
    return parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause)
    throw new UserError(`${name} is no TOML: ${reason}`, { cause })
  }
}

/** Pure: what the plain keys say. Paths are made absolute: buildx copies the files into the builder. */
function plainConfig(config: Plain, context: string): TomlTable {
  const hosts = [...new Set([...Object.keys(config.mirrors), ...Object.keys(config.ca)])]
  const registry = hosts.map((host): [string, TomlTable] => [host, registryOf(host, config, context)])
  const worker = {
    ...(config['max-parallelism'] === undefined ? {} : { 'max-parallelism': config['max-parallelism'] }),
    ...(config['keep-storage'] === undefined ? {} : { gc: true, maxUsedSpace: config['keep-storage'] }),
  }
  return {
    ...(registry.length === 0 ? {} : { registry: Object.fromEntries(registry) }),
    ...(Object.keys(worker).length === 0 ? {} : { worker: { oci: worker } }),
  }
}

function registryOf(host: string, { mirrors, ca }: Plain, context: string): TomlTable {
  const file = ca[host]
  return {
    ...(mirrors[host] === undefined ? {} : { mirrors: mirrors[host] }),
    ...(file === undefined ? {} : { ca: [isAbsolute(file) ? file : join(context, file)] }),
  }
}

function merge(base: TomlTable, over: TomlTable): TomlTable {
  const merged = Object.entries(over).map(([key, value]): [string, TomlValue] => {
    const before = base[key]
    return [key, isTable(before) && isTable(value) ? merge(before, value) : value]
  })
  return { ...base, ...Object.fromEntries(merged) }
}

const isTable = (value: TomlValue | undefined): value is TomlTable =>
  typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date)
