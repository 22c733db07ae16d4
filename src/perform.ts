import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { secretsOf } from './build/bake.ts'
import { secretVariables } from './build/secrets.ts'
import { withBake } from './config/bake.ts'
import type { Config } from './config/config.ts'
import { loadConfig, type Override } from './config/load.ts'
import { observePulls } from './config/pulls.ts'
import { UserError } from './errors.ts'
import type { Host } from './host/host.ts'
import { checkPlanned, checkPushed } from './pipeline/check-tags.ts'
import { exitCodeOf } from './pipeline/exit-code.ts'
import { givenFrom, heardFrom } from './pipeline/given.ts'
import { goalsOf, type Wanted } from './pipeline/goals.ts'
import { builtIn, forgetOthers, joinOverrides, partsOf } from './pipeline/join.ts'
import { type Masker, performPlan } from './pipeline/pipeline.ts'
import { type Plan, planPipeline } from './pipeline/plan.ts'
import { type Record, verdictsOf } from './record/record.ts'
import { closeRun, removeLogins } from './run/close.ts'
import { scrub } from './run/environment.ts'
import { type Facts, readFacts } from './run/facts.ts'
import { writeBuiltFacts, writeOverrides } from './run/kept.ts'
import { baseOf, enter, findRun, type OpenRun, openRun } from './run/run.ts'
import { readSource } from './run/source.ts'
import { loadFor } from './tags/python.ts'
import type { Credentials } from './task/scope.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

/** What a command or an action is asked to do. */
export interface Request extends Wanted {
  /** the repository */
  readonly directory: string
  readonly file: string | undefined
  readonly overrides: readonly Override[]
  readonly credentials: Credentials | undefined
  readonly pullCredentials: Credentials | undefined
}

/** Where it is done. */
export interface Surroundings {
  readonly host: Host
  readonly env: Environment
  readonly signal: AbortSignal
  readonly masker: Masker
  readonly newmanWorker: string
  /** told as soon as this call has opened a run, so that a later step can close it */
  opened(run: OpenRun): void
}

export interface Prepared {
  readonly config: Config
  readonly plan: Plan
  readonly facts: Facts
  readonly context: string
  readonly notes: readonly string[]
}

type Place = Pick<Request, 'directory' | 'file' | 'overrides'>

/**
 * Configuration, commit and plan of a repository; nothing is done yet. `built` is what the images of an open
 * run were made with, where there is one. @throws UserError for all that is wrong.
 */
export async function prepare(
  { directory, file, overrides }: Place,
  env: Environment,
  built?: Facts,
): Promise<Prepared> {
  const context = resolve(directory)
  if (!existsSync(context)) throw new UserError(`there is no folder ${context}`)
  const { config: loaded, notes } = await loadConfig({ directory: context, file, overrides })
  const config = await withBake(loaded, { env: scrub(env), cwd: context })
  const pulls = await observePulls(config, context)
  const now = await readFacts(context, env)
  const facts = built ?? now
  await loadFor(Object.values(config.images).flatMap(({ tags }) => tags))
  const moved = facts.revision.commit === now.revision.commit ? [] : [movedOn(facts, now)]
  const plan = planPipeline(config, facts, pulls)
  checkPlanned(config, plan)
  return { config, facts, context, notes: [...notes, ...moved], plan }
}

const versionsOf = ({ metadata }: Plan): NonNullable<Facts['versions']> =>
  Object.fromEntries(Object.entries(metadata).map(([name, { ownVersion }]) => [name, ownVersion]))

const movedOn = ({ revision: built }: Facts, { revision: now }: Facts): string =>
  `The image of this run is of commit ${built.commit.slice(0, 12)}, the checkout is at ${now.commit.slice(0, 12)}: pce build makes a new one`

export interface Done {
  readonly record: Record
  readonly run: OpenRun
  readonly plan: Plan
  /** 0 every blocking verdict passed, 1 one did not, 2 bad input, 3 something outside, 70 our bug, 130 cancelled */
  readonly exitCode: number
}

/**
 * Does what is asked: opens a run or joins the open one, performs the goals, and closes what it opened for itself.
 * @throws UserError before anything is started.
 */
export async function perform(request: Request, around: Surroundings): Promise<Done> {
  const { host, env, signal, masker } = around
  const base = baseOf(resolve(request.directory), env)
  const found = request.command === 'run' ? undefined : await findRun(base)
  const willPush = request.command === 'push' || request.push
  const overrides =
    found === undefined ? request.overrides : await joinOverrides(found, { ...request, pushes: willPush })
  const source = await readSource(resolve(request.directory), env)
  const built = found === undefined ? undefined : await builtIn(found, request.command, source)
  const { config, plan, facts, context, notes } = await prepare({ ...request, overrides }, env, built)
  const goals = goalsOf(request, plan, config)
  // A rule that gives no tag is told now, not after all the work.
  if (willPush) checkPushed(plan, facts)
  const run = found ?? (await openRun(base, { shared: request.command !== 'run' }))
  if (found === undefined) around.opened(run)
  else await enter(run)
  await writeOverrides(run.directory, overrides)
  await writeBuiltFacts(run.directory, { ...facts, versions: versionsOf(plan) })
  const parts = request.command === 'run' ? [] : await partsOf(request.command, run, source)
  const given = givenFrom({ command: request.command, goals, parts, source })
  const note = (line: string) => host.show({ type: 'note', at: Date.now(), line })
  const tagNotes = willPush
    ? [...Object.values(plan.metadata).flatMap(one => one.notes), ...indexNotes(plan, config)]
    : []
  for (const line of [...notes, ...new Set(tagNotes), `Plan ${plan.hash}, run ${run.id}`]) note(line)
  const own = request.command === 'run'
  try {
    const session = {
      run,
      plan,
      revision: facts.revision,
      // What ships was made of the source of its build.
      source:
        request.command === 'push' ? (parts.find(({ task }) => task.startsWith('build:'))?.source ?? source) : source,
      heard: request.command === 'build' ? verdictsOf(parts) : heardFrom(parts, plan),
      context,
      env,
      secrets: secretsIn(config),
      credentials: request.credentials,
      pullCredentials: request.pullCredentials,
      newmanWorker: around.newmanWorker,
      signal,
      masker,
      show: host.show.bind(host),
      mask: host.mask.bind(host),
    }
    const performed = await performPlan(session, goals, given)
    if (request.command === 'build' && performed.own.images.length > 0) await forgetOthers(run, performed.own.images)
    // A stage tells of itself; a push is the verdict over the whole run.
    await host.end(request.command === 'push' ? performed.record : performed.own)
    return { record: performed.record, run, plan, exitCode: exitCodeOf(performed.parts, signal.aborted) }
  } finally {
    await removeLogins(run)
    if (own && !leavesClosingToPost(env, signal)) await closeWithNotes(run, env, note)
  }
}

/** Variables with secrets, also those of bake targets that an image is only built on: no other program gets them. */
const secretsIn = ({ images }: Config): readonly string[] =>
  Object.values(images).flatMap(({ build, baked }) => [
    ...secretVariables(build),
    ...Object.entries(baked?.targets ?? {}).flatMap(([name, target]) =>
      secretVariables(secretsOf(target, name, { secrets: [] })),
    ),
  ])

// GitHub gives 7.5 s after SIGINT and 2.5 s after SIGTERM: the record is written, and the post step closes the run.
const leavesClosingToPost = (env: Environment, signal: AbortSignal): boolean =>
  env.GITHUB_ACTIONS === 'true' && signal.aborted

async function closeWithNotes(run: OpenRun, env: Environment, note: (line: string) => void): Promise<void> {
  const left = await closeRun(run, { env: scrub(env) })
  for (const fault of left) note(`Not taken down, so try pce clean: ${fault}`)
}

/** Annotations that have no place: an image of one platform is pushed as it was built, without an index. */
const indexNotes = ({ metadata }: Plan, { images }: Config): readonly string[] =>
  Object.entries(metadata).flatMap(([name, { annotations }]) =>
    images[name]?.platforms.length === 1 && Object.keys(annotations.index ?? {}).length > 0
      ? [
          `annotations of index: are left out of ${name}, since one platform has no index; manifest: puts them on the image`,
        ]
      : [],
  )
