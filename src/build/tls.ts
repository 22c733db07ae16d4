import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { writeWhole } from '../disk/files.ts'
import { UserError } from '../errors.ts'
import type { Scope } from '../task/scope.ts'
import type { BuilderConfig } from './builder-config.ts'
import { nodesOf, type Tls } from './create.ts'

const files = ['cacert', 'cert', 'key'] as const

/**
 * TLS of each node of a remote builder that is reached by TCP: the section's files, and what the environment holds as text
 * for that node, under setup-buildx-action's names: BUILDER_NODE_0_AUTH_TLS_CACERT, …_CERT, …_KEY. @throws UserError for a file
 * that is not there.
 */
export async function tlsOf(config: BuilderConfig, scope: Scope): Promise<readonly Tls[]> {
  const shared = Object.fromEntries(
    files.flatMap(name => (config[name] === undefined ? [] : [[name, pathOf(name, config[name], scope)]])),
  )
  return await Promise.all(
    nodesOf(config).map(async ({ endpoint }, index) => {
      if (endpoint?.startsWith('tcp://') !== true) return {}
      return { ...shared, ...(await fromEnvironment(index, scope)), servername: config.servername }
    }),
  )
}

function pathOf(name: string, file: string, { context }: Scope): string {
  const path = isAbsolute(file) ? file : join(context, file)
  if (!existsSync(path)) throw new UserError(`builder.${name}: there is no file ${path}`)
  return path
}

/** The texts as private files of the run: buildx takes paths. They go when the run is closed. */
async function fromEnvironment(index: number, scope: Scope): Promise<Tls> {
  const written: Record<string, string> = {}
  for (const name of files) {
    const text = scope.secret(`BUILDER_NODE_${index}_AUTH_TLS_${name.toUpperCase()}`)
    if (text === undefined || text === '') continue
    written[name] = join(scope.run.directory, 'private', `builder-${index}-${name}.pem`)
    await writeWhole(written[name], text, 0o600)
  }
  return written
}
