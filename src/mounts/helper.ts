import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { OutsideError } from '../errors.ts'
import { failureOf, type Program, runProgram } from '../program/run.ts'
import { digestSchema } from '../record/image.ts'
import type { Scope } from '../task/scope.ts'
import { type Helper, readStates, script } from './solve.ts'

export interface Solving {
  readonly title: string
  readonly builder: string
  readonly output: string
  /** a namespace of cache mounts that the builds use (BUILDKIT_CACHE_MOUNT_NS) */
  readonly namespace: string
}

const metadataSchema = z.looseObject({ 'containerimage.digest': digestSchema.optional() })

/** Runs a helper's solve in an empty context; gives what its script said and the digest of what it put out. */
export async function solveHelper(helper: Helper, solving: Solving, scope: Scope) {
  const parent = join(scope.run.directory, 'mounts')
  await mkdir(parent, { recursive: true })
  const context = await mkdtemp(join(parent, 'solve-'))
  const metadata = `${context}.json`
  try {
    await writeFile(join(context, 'Dockerfile'), helper.dockerfile)
    await writeFile(join(context, 'mounts.sh'), script)
    const program = programOf(argvOf(helper, solving, { context, metadata }), solving, scope)
    const end = await runProgram(program)
    if (end.exitCode !== 0) throw new OutsideError(failureOf(program, end))
    const told = metadataSchema.parse(JSON.parse(await readFile(metadata, 'utf8').catch(() => '{}')))
    return { states: readStates(end.stderr), digest: told['containerimage.digest'] }
  } finally {
    await rm(context, { recursive: true, force: true })
    await rm(metadata, { force: true })
  }
}

const argvOf = (
  { buildArgs, contexts }: Helper,
  { builder, output, namespace }: Solving,
  { context, metadata }: { context: string; metadata: string },
): readonly string[] => [
  ...['docker', 'buildx', 'build', '--builder', builder, '--progress=plain', '--provenance=false', '--sbom=false'],
  ...Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
  ...contexts.flatMap(context => ['--build-context', context]),
  ...(namespace === '' ? [] : ['--build-arg', `BUILDKIT_CACHE_MOUNT_NS=${namespace}`]),
  ...['--output', output, '--metadata-file', metadata, context],
]

const programOf = (argv: readonly string[], { title }: Solving, { env, signal }: Scope): Program => ({
  title,
  argv,
  env,
  signal,
})
