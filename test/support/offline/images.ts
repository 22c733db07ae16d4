import { createHash } from 'node:crypto'
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aptInstall } from '../../../script/parts/apt.ts'
import type { Setup } from '../../../script/parts/part.ts'
import { ask, run } from '../../../script/parts/run.ts'
import { goProgram, goVersion } from './go.ts'
import { HUB } from './hub.ts'

interface StandIn {
  /** Its folder here. */
  readonly name: string
  /** What it stands for, as users write it. */
  readonly image: string
  /** Whatever it is made of besides its folder and the first image: a change makes it again. */
  readonly made: string
  readonly buildArgs?: readonly string[]
  /** Puts the files that are not in the repository into the build's context. */
  prepare?(setup: Setup, context: string): Promise<void>
}

/** In this order: the later ones are built on the first. */
const standIns: readonly StandIn[] = [
  { name: 'debian', image: 'debian:bookworm-slim', made: 'bookworm', prepare: debianRoot },
  {
    name: 'node',
    image: 'node:24-bookworm-slim',
    made: process.version,
    buildArgs: ['--build-arg', `NODE_VERSION=${process.version.slice(1)}`],
    prepare: nodePrograms,
  },
  { name: 'postgres', image: 'postgres:17', made: '' },
  { name: 'redis', image: 'redis:7', made: '' },
  programsOf('registry', 'registry:3', ['registry']),
  programsOf('buildkit', 'moby/buildkit:buildx-stable-1', ['buildkitd', 'buildctl']),
  programsOf('dockerfile', 'docker/dockerfile:1', ['dockerfile-frontend']),
]

export const standInNames: readonly string[] = standIns.map(({ image }) => image)

/** The images that are missing from the hub, or made from other files than these. */
export async function missingStandIns(setup: Setup): Promise<readonly StandIn[]> {
  const made = await readMade(setup)
  const kept = await Promise.all(
    standIns.map(async standIn => made[standIn.image] === (await recipe(standIn)) && (await inHub(standIn.image))),
  )
  return standIns.filter((_, i) => !kept[i])
}

export async function makeStandIns(setup: Setup, wanted: readonly StandIn[]): Promise<void> {
  for (const standIn of wanted) {
    await make(setup, standIn)
    const made = { ...(await readMade(setup)), [standIn.image]: await recipe(standIn) }
    await writeFile(madeFile(setup), JSON.stringify(made, undefined, 2))
  }
}

async function make(setup: Setup, { name, image, buildArgs = [], prepare }: StandIn): Promise<void> {
  setup.say(`Making a stand-in for ${image}`)
  const context = await mkdtemp(join(tmpdir(), 'stand-in-'))
  try {
    await cp(folderOf(name), context, { recursive: true })
    await prepare?.(setup, context)
    // The engine's first builder: it needs no image of its own, while BuildKit's is made here.
    const argv = ['docker', 'build', '--quiet', ...buildArgs, '--tag', image, context] as const
    await run(setup, { argv: [...argv], env: { DOCKER_BUILDKIT: '0' } })
    const published = `${HUB}/${repository(image)}`
    await run(setup, { argv: ['docker', 'tag', image, published] })
    await run(setup, { argv: ['docker', 'push', '--quiet', published] })
    await ask(setup, 'docker', 'rmi', published)
  } finally {
    await rm(context, { recursive: true, force: true })
  }
}

async function debianRoot(setup: Setup, context: string): Promise<void> {
  if (!(await ask(setup, 'mmdebstrap', '--version'))) await aptInstall(setup, ['mmdebstrap'])
  const slim = ['doc', 'man', 'locale', 'info'].map(name => `--dpkgopt=path-exclude=/usr/share/${name}/*`)
  const options = ['--variant=minbase', '--include=ca-certificates', ...slim]
  await run(setup, { argv: ['mmdebstrap', '--quiet', ...options, 'bookworm', join(context, 'root.tar')] })
  await copyFile('/etc/ssl/certs/ca-certificates.crt', join(context, 'host.crt'))
}

async function nodePrograms(setup: Setup, context: string): Promise<void> {
  const local = join(context, 'local')
  await mkdir(join(local, 'bin'), { recursive: true })
  await run(setup, { argv: ['npm', 'install', '--global', '--ignore-scripts', '--prefix', local, 'npm@11'] })
  await copyFile(process.execPath, join(local, 'bin', 'node'))
}

function programsOf(name: string, image: string, programs: readonly Parameters<typeof goProgram>[1][]): StandIn {
  return {
    name,
    image,
    made: programs.map(goVersion).join(' '),
    async prepare(setup, context) {
      for (const program of programs) await copyFile(await goProgram(setup, program), join(context, program))
    },
  }
}

async function recipe({ name, made }: StandIn): Promise<string> {
  const hash = createHash('sha256').update(made)
  for (const folder of new Set(['debian', name].map(folderOf))) {
    for (const file of (await readdir(folder)).sort()) hash.update(await readFile(join(folder, file)))
  }
  return hash.digest('hex')
}

const inHub = (image: string): Promise<boolean> =>
  fetch(`http://${HUB}/v2/${repository(image).replace(':', '/manifests/')}`, {
    method: 'HEAD',
    headers: {
      accept: 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.index.v1+json',
    },
    signal: AbortSignal.timeout(2000),
  }).then(
    response => response.ok,
    () => false,
  )

const repository = (image: string): string => (image.includes('/') ? image : `library/${image}`)
const folderOf = (name: string): string => join(import.meta.dirname, 'images', name)
const madeFile = (setup: Setup): string => join(setup.tools, 'hub', 'images.json')

async function readMade(setup: Setup): Promise<Readonly<Record<string, string>>> {
  return JSON.parse(await readFile(madeFile(setup), 'utf8').catch(() => '{}'))
}
