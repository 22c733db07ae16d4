import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Setup } from '../../../script/parts/part.ts'
import { run } from '../../../script/parts/run.ts'
import { OutsideError } from '../../../src/errors.ts'
import programs from './go-programs.json' with { type: 'json' }

export type GoProgram = keyof typeof programs

interface Source {
  readonly module: string
  readonly version: string
  /** A linker's `-X`: without its version stamp Compose refuses buildx, and `--version` says nothing. */
  readonly stamp?: string
  readonly experiment?: string
  /** Build tags. */
  readonly tags?: string
  /** Whether it is linked with C libraries of this host: runc, whose seccomp filter is one. */
  readonly cgo?: boolean
}

export const isGoProgram = (name: string): name is GoProgram => name in programs

export const goVersion = (name: GoProgram): string => programs[name].version

/** The path of a program built from its Go module: static but for runc, so that it also serves as an image's only file. */
export async function goProgram(setup: Setup, name: GoProgram): Promise<string> {
  const source: Source = programs[name]
  const path = join(setup.tools, name, source.version, name)
  const built = await access(path).then(
    () => true,
    () => false,
  )
  if (!built) await intoPlace(path, work => build(setup, { source, work, output: join(work, 'program') }))
  return path
}

/** A program of our own, from a folder with `main.go`; built again only when missing. */
export async function ownGoProgram(setup: Setup, folder: string, path: string): Promise<void> {
  const argv = ['go', 'build', '-trimpath', '-o'] as const
  await intoPlace(path, async work => {
    await goRun(setup, folder, [...argv, join(work, 'program'), join(folder, 'main.go')])
    return join(work, 'program')
  })
}

/**
 * A scratch module rather than `go install`: that one refuses modules with `exclude` or `replace`, which BuildKit,
 * Compose and Trivy have.
 */
async function build(setup: Setup, { source, work, output }: { source: Source; work: string; output: string }) {
  setup.say(`Building ${source.module} ${source.version} from Go: seconds to minutes`)
  const env = {
    ...(source.experiment ? { GOEXPERIMENT: source.experiment } : {}),
    ...(source.cgo ? { CGO_ENABLED: '1' } : {}),
  }
  await goRun(setup, work, ['go', 'mod', 'init', 'scratch'])
  await goRun(setup, work, ['go', 'get', '-tool', `${source.module}@v${source.version}`], env)
  const flags = `-s -w${source.stamp ? ` -X ${source.stamp}` : ''}`
  const tags = source.tags ? ['-tags', source.tags] : []
  await goRun(setup, work, ['go', 'build', '-trimpath', ...tags, '-ldflags', flags, '-o', output, source.module], env)
  return output
}

async function goRun(
  setup: Setup,
  cwd: string,
  argv: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await run(setup, { argv, cwd, env: { CGO_ENABLED: '0', ...env } }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause
    throw new OutsideError('Go is not on PATH; without release hosts it builds the programs. Install Go 1.25 or newer.')
  })
}

async function intoPlace(path: string, make: (work: string) => Promise<string>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const work = await mkdtemp(`${dirname(path)}.`)
  try {
    await rename(await make(work), path)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
