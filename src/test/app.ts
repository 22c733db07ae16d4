import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeWhole } from '../disk/files.ts'
import { composeArgv } from '../docker/compose.ts'
import { docker, enginePlatform, tryDocker } from '../docker/docker.ts'
import { type Image, referenceOf } from '../record/image.ts'
import { argvOf } from '../schema/fields.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import type { AppConfig } from './config.ts'
import { planApp, renderDropped } from './document.ts'
import { composeEngine, describeServices, readTemplates, type Services, statesOf } from './services.ts'

/** The app from the image that ships, running on the services. */
export interface App {
  readonly project: string
  readonly service: string
  /** `http://127.0.0.1:32769` */
  readonly url: string
  readonly digest: Image['digest']
}

interface Given {
  readonly image: Image
  readonly services: Services
}

const pace = 100

/** Starts the image that ships, by digest, and waits until it answers. Never ready is a verdict, with the last probe. */
export async function startApp(config: AppConfig, { image, services }: Given, scope: Scope): Promise<Result<App>> {
  const own = await enginePlatform(scope)
  if (!isPlatform(image.platform, own))
    return { status: 'skipped', reason: `not native: this host is ${own}`, subject: image.digest }
  const { name, document, dropped } = planApp(config, await readTemplates(services), {
    run: scope.run,
    reference: referenceOf(image),
    context: scope.context,
  })
  const notTaken = renderDropped(dropped)
  if (notTaken !== undefined) scope.say(notTaken)
  const file = join(scope.run.directory, 'private', `app-${image.name}.json`)
  await writeWhole(file, JSON.stringify(document), 0o600)
  const project = { name: services.project, files: [services.file, file] }
  const failed = (reason: string): Result<App> => ({ status: 'failed', reason, subject: image.digest })

  const before = await runBefore(
    config,
    composeArgv(project, 'run', '--rm', '--no-deps', '--no-TTY', '--quiet-pull', name),
    scope,
  )
  if (before !== undefined) return failed(before)
  const up = await tryDocker(
    'Start the app',
    composeArgv(project, 'up', '--detach', '--no-deps', '--quiet-pull', name),
    composeEngine(scope),
    scope,
  )
  if (up.exitCode !== 0) return failed(`the app can't start: ${up.stderr.trim().split('\n').at(-1)}`)
  const address = await docker(
    'Find the app',
    composeArgv(project, 'port', name, String(config.port)),
    composeEngine(scope),
  ).catch(() => '')
  const url = `http://${address.trim()}`
  const probe = { config, url, project: services.project, service: name }
  const ready = URL.canParse(url) ? await waitUntilReady(probe, scope) : await whyNoPort(probe, scope)
  if (ready !== undefined) return failed(`${ready}\n${await describeServices(services, [name], scope)}`)
  return { value: { project: services.project, service: name, url, digest: image.digest }, subject: image.digest }
}

/** `linux/arm64/v8` is `linux/arm64`: the variant that every machine of it has (OCI image-spec, image-index.md). */
const isPlatform = (one: string, other: string): boolean => plainly(one) === plainly(other)

const plainly = (platform: string): string => platform.replace(/^(linux\/arm64)\/v8$/, '$1')

async function runBefore({ before }: AppConfig, argv: readonly string[], scope: Scope): Promise<string | undefined> {
  if (before === undefined) return undefined
  const command = argvOf(before)
  const end = await tryDocker('Before the app', [...argv, ...command], composeEngine(scope), scope)
  if (end.exitCode === 0) return undefined
  const tail = (end.stdout.trim() || end.stderr.trim()).split('\n').slice(-20).join('\n')
  return `app.before: ${command.join(' ')} ended with exit code ${end.exitCode}\n${tail}`
}

interface Probe {
  readonly config: AppConfig
  readonly url: string
  readonly project: string
  readonly service: string
}

/** Asks over HTTP until the app answers 2xx or 3xx; gives why not when its time is over or its container ended. */
async function waitUntilReady({ config, url, project, service }: Probe, scope: Scope): Promise<string | undefined> {
  const began = Date.now()
  for (let tries = 1; ; tries += 1) {
    scope.signal.throwIfAborted()
    const answer = await ask(`${url}${config.ready}`)
    if (answer === 'ready') {
      scope.say(`Ready after ${((Date.now() - began) / 1000).toFixed(1)} s: ${url}${config.ready}`)
      return undefined
    }
    const ended = tries % 5 === 1 ? await findEnd({ project, service }, scope) : undefined
    if (ended !== undefined) return ended
    if (Date.now() - began > config.timeout) {
      return `the app was not ready within ${config.timeout / 1000} s: ${config.ready} gave ${answer}`
    }
    await sleep(pace, undefined, { signal: scope.signal })
  }
}

async function findEnd({ project, service }: Pick<Probe, 'project' | 'service'>, scope: Scope) {
  const [state] = await statesOf({ project }, [service], scope)
  const isOver = state?.State === 'exited' || state?.State === 'dead'
  return isOver ? `the app ended before it was ready (exit code ${state.ExitCode})` : undefined
}

// A container that ended has no ports any more: then its end is what there is to tell.
const whyNoPort = async (probe: Probe, scope: Scope): Promise<string> =>
  (await findEnd(probe, scope)) ??
  `the app's port ${probe.config.port} is not published on this machine: is it in a network without a way to the host, such as one that is internal?`

async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) })
    const text = await response.text()
    if (response.status >= 200 && response.status < 400) return 'ready'
    return `HTTP ${response.status} ${text.slice(0, 300)}`
  } catch (error) {
    return error instanceof Error ? String(error.cause ?? error.message) : String(error)
  }
}
