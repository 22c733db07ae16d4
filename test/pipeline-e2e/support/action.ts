import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Checkout } from './checkout.ts'

const dist = join(import.meta.dirname, '../../../dist')
const files = ['ENV', 'OUTPUT', 'STATE', 'PATH', 'STEP_SUMMARY'] as const

type Texts = Readonly<Record<string, string>>

/** How a step of an action ended. */
export interface Step {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly outputs: Texts
  readonly state: Texts
}

/** Runs a step of an action as the runner does, with its inputs byte for byte. Its run's folder is `checkout.state`. */
export async function runStep(
  checkout: Checkout,
  file: string,
  { inputs = {}, env = {} }: { inputs?: Texts; env?: Texts },
) {
  const folder = join(checkout.state, `step-${file}`)
  await mkdir(folder, { recursive: true })
  const paths = files.map(name => [`GITHUB_${name}`, join(folder, name)] as const)
  for (const [, path] of paths) await writeFile(path, '')
  const { exitCode, stdout } = await execa(process.execPath, [join(dist, file)], {
    cwd: checkout.directory,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: checkout.directory,
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SHA: await checkout.git('rev-parse', 'HEAD'),
      RUNNER_TEMP: checkout.state,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...offline(),
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      ...Object.fromEntries(paths),
      ...env,
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
  })
  return {
    exitCode,
    stdout,
    outputs: await pairsIn(join(folder, 'OUTPUT')),
    state: await pairsIn(join(folder, 'STATE')),
  }
}

// What a host without Docker Hub needs, as script/setup wrote it.
const offline = (): Texts =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => /^(PCE_|BUILDX_|DOCKER_|TRIVY_)/.test(entry[0]) && entry[1] !== undefined,
    ),
  )

/** `name<<delimiter`, the value, the delimiter (docs.github.com, "Workflow commands, multiline strings"). */
async function pairsIn(path: string): Promise<Texts> {
  const found = (await readFile(path, 'utf8')).matchAll(/^(.+?)<<(\S+)\n([\s\S]*?)\n\2$/gm)
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]))
}
