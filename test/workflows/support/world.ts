import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { type Ecr, openEcr } from '../../support/ecr/ecr.ts'
import { type RunningJob, startJob } from './act.ts'
import type { Job } from './log.ts'

const root = join(import.meta.dirname, '../../..')

export interface Scene {
  /** file name in `test/workflows` */
  readonly workflow: string
  /** folder of this repository with the app, and where it lies in the scratch repository */
  readonly app?: { readonly from: string; readonly to: string }
  /** further or other files of the app */
  readonly files?: Readonly<Record<string, string>>
  /** further variables and secrets of the repository */
  readonly variables?: Readonly<Record<string, string>>
  readonly secrets?: Readonly<Record<string, string>>
}

/** A repository of a user on this machine, a registry with ECR's manners, and act to run the workflow. */
export interface World extends AsyncDisposable {
  readonly repository: string
  /** below it act has workspace and RUNNER_TEMP */
  readonly cache: string
  readonly commit: string
  readonly registry: Ecr
  start(): RunningJob
  run(): Promise<Job>
}

const small = { from: 'test/workflows/fixture', to: '.' }

/** Opens a world: the actions are a copy of this checkout's, as `org/pce-actions@v1` is one on GitHub. */
export async function openWorld({
  workflow,
  app = small,
  files = {},
  variables = {},
  secrets = {},
}: Scene): Promise<World> {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist is not there: npm run build makes it')
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'pce-workflow-'))
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const registry = opened.use(await openEcr({ repositories: ['acme/web', 'pce-demo/shortener'] }))
  const [repository, actions, cache] = [join(folder, 'web'), join(folder, 'pce-actions'), join(folder, 'act')]
  for (const path of ['action.yml', 'build', 'actions', 'dist'])
    await cp(join(root, path), join(actions, path), { recursive: true })
  await copyApp(join(root, app.from), join(repository, app.to))
  for (const [path, text] of Object.entries(files)) await write(join(repository, app.to, path), text)
  await cp(join(import.meta.dirname, '..', workflow), join(repository, '.github/workflows/image.yml'))
  await cp(join(import.meta.dirname, '../look'), join(repository, '.github/actions/look'), { recursive: true })
  const commit = await commitAll(repository)
  const place = { repository, actions, cache, variables: join(folder, 'vars'), secrets: join(folder, 'secrets') }
  await writeFile(place.variables, dotenv({ REGISTRY: registry.host, ...variables }))
  await writeFile(place.secrets, dotenv({ REGISTRY_PASSWORD: registry.token, ...secrets }), { mode: 0o600 })
  await mkdir(cache)
  const kept = opened.move()
  const start = () => kept.use(startJob(place))
  return {
    repository,
    cache,
    commit,
    registry,
    start,
    run: () => start().ended,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

const dotenv = (pairs: Readonly<Record<string, string>>): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

/** The files that Git knows or would take: no dependencies, no results of earlier runs. */
async function copyApp(from: string, to: string): Promise<void> {
  const argv = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { stdout } = await execa('git', argv, { cwd: from, stdin: 'ignore' })
  for (const path of stdout.split('\0').filter(Boolean)) await cp(join(from, path), join(to, path))
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

async function commitAll(cwd: string): Promise<string> {
  const git = (...argv: string[]) => execa('git', argv, { cwd, stdin: 'ignore' })
  await git('init', '--quiet', '--initial-branch=main')
  await git('remote', 'add', 'origin', 'https://github.com/acme/web.git')
  await git('add', '--all', '--force')
  await git('-c', 'user.name=Test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--message', 'App')
  return (await git('rev-parse', 'HEAD')).stdout
}
