import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { docker } from '../docker/docker.ts'
import { OutsideError, UserError } from '../errors.ts'
import { failureOf, NoProgramError, runProgram } from '../program/run.ts'
import { type Image, referenceOf } from '../record/image.ts'
import type { Staging } from '../run/staging.ts'
import type { Scope } from '../task/scope.ts'
import { type Result, type Task, task } from '../task/task.ts'
import { stagedImage } from './build.ts'
import { findLeaks, leakMessage } from './leak.ts'
import { solveName, stagingTag } from './output.ts'
import { openSecrets } from './secrets.ts'
import type { PlannedBuild } from './tasks.ts'

type Request = Pick<PlannedBuild, 'name' | 'image' | 'platform' | 'config' | 'ships'> & {
  /** `+prod` */
  readonly earthfile: string
}

/** Builds one target of an Earthfile by the program earthly, and stages what it puts into the engine. */
export const earthlyTask = (id: string, request: Request, staging: Task<Staging>): Task<Image> =>
  task({
    id,
    request: {
      earthfile: request.earthfile,
      context: request.config.context,
      args: request.config['build-args'],
      image: request.image,
      platform: request.platform,
    },
    needs: { staging },
    // By itself: two targets may save an image of one name, which the engine has once.
    weight: 1_000,
    estimate: 60_000,
    deadline: 3_600_000,
    perform: ({ staging: { host } }, scope) => buildEarthfile(request, host, scope),
  })

/**
 * Pure: argv of earthly (docs.earthly.dev, "earthly command reference"). `--image` puts the target's only image into the
 * engine and pushes nothing. `secrets`: files by id.
 */
export const planEarthly = (
  { config, earthfile, platform }: Pick<Request, 'config' | 'earthfile' | 'platform'>,
  secrets: ReadonlyMap<string, string>,
): readonly string[] => [
  'earthly',
  '--strict',
  ...(platform === 'native' ? [] : ['--platform', platform]),
  ...[...secrets].flatMap(([id, path]) => ['--secret-file', `${id}=${path}`]),
  ...(config['no-cache'] === true ? ['--no-cache'] : []),
  '--image',
  config.context === '.' ? earthfile : `./${config.context.replace(/^\.\//, '')}${earthfile}`,
  ...Object.entries(config['build-args']).map(([name, value]) => `--${name}=${value}`),
]

const absent = `build.earthfile: there is no program earthly on PATH
Its makers have stopped (July 2025), so nothing installs it by itself: put its last release, v0.8.16, on PATH, or build the same from a Dockerfile (build.file, build.target).`

async function buildEarthfile(request: Request, host: string, scope: Scope): Promise<Result<Image>> {
  const { values } = await openSecrets(request.config, scope)
  const folder = join(scope.run.directory, 'private', `earthly-${solveOf(request)}`)
  try {
    const files = await writeSecrets(folder, values)
    const program = {
      title: `Build ${request.name}`,
      argv: planEarthly(request, files),
      cwd: scope.context,
      env: scope.env,
    }
    const end = await runProgram({ ...program, signal: scope.signal, say: scope.say }).catch((cause: unknown) => {
      throw cause instanceof NoProgramError ? new UserError(absent, { cause }) : cause
    })
    if (end.exitCode !== 0) return { status: 'failed', reason: failureOf(program, end) }
    const made = parseEarthly(`${end.stdout}\n${end.stderr}`)
    if (made === undefined)
      return { status: 'failed', reason: `${request.earthfile} makes no image\nGive the target a SAVE IMAGE.` }
    const image = await stage(request, { made, host }, scope)
    const leaks = await findLeaks(image, values, scope)
    if (leaks.length > 0) return { status: 'failed', reason: leakMessage(leaks) }
    scope.say(`Staged ${referenceOf(image)} (${image.platform})`)
    return { value: image, images: request.ships ? [image] : [] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const solveOf = ({ name, earthfile, platform }: Request): string => solveName(name, earthfile, platform)

async function writeSecrets(folder: string, values: ReadonlyMap<string, Buffer>) {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const files = new Map<string, string>()
  for (const [id, value] of values) {
    const path = join(folder, id)
    await writeFile(path, value, { mode: 0o600 })
    files.set(id, path)
  }
  return files
}

/** Pure: the image that earthly told of last: `Image +prod output as acme/web:latest`. */
export const parseEarthly = (text: string): string | undefined =>
  [...text.matchAll(/^.*\bImage \S+ output as (\S+)\s*$/gm)].at(-1)?.[1]

interface Made {
  /** name of the image in the engine */
  readonly made: string
  readonly host: string
}

/** The engine pushes to staging: it is on its own loopback. */
async function stage(request: Request, { made, host }: Made, scope: Scope): Promise<Image> {
  const repository = `${host}/${request.image}`
  const tag = `${repository}:${stagingTag(scope.run, [request.name, request.earthfile, request.platform])}`
  await docker(`Tag ${made}`, ['tag', made, tag], scope)
  const said = await docker(`Stage ${made}`, ['push', tag], scope)
  await docker(`Untag ${tag}`, ['image', 'rm', tag], scope)
  const [, digest] = /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(said) ?? []
  if (digest === undefined) throw new OutsideError(`Stage ${made}: docker push told no digest\n${said}`)
  const build = { name: request.name, target: request.earthfile }
  return stagedImage(build, { repository, metadata: { 'containerimage.digest': digest } }, scope)
}
