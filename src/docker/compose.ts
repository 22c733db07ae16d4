import { z } from 'zod'
import { docker, type Engine, tryDocker } from './docker.ts'

/** One service of a Compose document (compose-spec, 05-services.md), as far as we read or write it. */
const serviceSchema = z.looseObject({
  image: z.string().optional(),
  build: z.looseObject({ target: z.string().optional() }).optional(),
  environment: z.record(z.string(), z.string().nullable()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.json()).optional(),
})
export type ComposeService = z.infer<typeof serviceSchema>

const documentSchema = z.looseObject({ services: z.record(z.string(), serviceSchema) })
export type ComposeDocument = z.infer<typeof documentSchema>

/** The document as Compose itself understands it, with every profile. @throws OutsideError with Compose's own words. */
export async function readCompose(file: string, engine: Engine): Promise<ComposeDocument> {
  const argv = ['compose', '--file', file, '--profile', '*', 'config', '--format', 'json']
  const text = await docker(`Read ${file}`, argv, engine)
  return documentSchema.parse(JSON.parse(text))
}

interface Project {
  readonly name: string
  readonly files: readonly string[]
}

/** `docker compose` for a project: argv without `docker`. */
export const composeArgv = ({ name, files }: Project, ...argv: readonly string[]): readonly string[] => [
  'compose',
  '--project-name',
  name,
  ...files.flatMap(file => ['--file', file]),
  '--progress',
  'quiet',
  ...argv,
]

/** Takes a project down with its volumes and networks, by its labels: no file is needed. Gives what went wrong. */
export async function composeDown(name: string, engine: Engine): Promise<string | undefined> {
  const left = await removeContainers(name, engine)
  const argv = ['compose', '--project-name', name, 'down', '--volumes', '--remove-orphans', '--timeout', '0']
  const end = await tryDocker(`Take down ${name}`, argv, engine)
  return end.exitCode === 0 ? left : end.stderr.trim()
}

// `down` leaves the containers of `compose run`, and with them the network that they are in, and says that all is well.
async function removeContainers(name: string, engine: Engine): Promise<string | undefined> {
  const filter = `label=com.docker.compose.project=${name}`
  const list = await docker(`Look for ${name}`, ['ps', '--all', '--quiet', '--filter', filter], engine)
  const containers = list.split('\n').filter(Boolean)
  if (containers.length === 0) return undefined
  const end = await tryDocker(`Remove ${name}`, ['rm', '--force', '--volumes', ...containers], engine)
  const isGone = end.exitCode === 0 || /no such container|already in progress/i.test(end.stderr)
  return isGone ? undefined : end.stderr.trim()
}
