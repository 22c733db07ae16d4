import type { Builder, BuilderRequest } from '../build/builder.ts'
import { callTask } from '../build/call.ts'
import { loadTask } from '../build/load.ts'
import { dockerfileOf, hasDockerfile } from '../build/options.ts'
import { builderTask, stagingTask } from '../build/tasks.ts'
import { checkTasks, hadolintTasks } from '../check/tasks.ts'
import type { Config } from '../config/config.ts'
import { UserError } from '../errors.ts'
import { privateHosts, pullTask } from '../login/pull.ts'
import { pulling } from '../login/pulling.ts'
import { identityTask, loginTask } from '../login/tasks.ts'
import { pushTask } from '../push/tasks.ts'
import type { Facts } from '../run/facts.ts'
import { scannerTask, sourceScanTask } from '../scan/tasks.ts'
import type { Metadata } from '../tags/metadata.ts'
import { renderName } from '../tags/name.ts'
import { hashOf, type Json, type Task } from '../task/task.ts'
import { servicesTask } from '../test/tasks.ts'
import { gateTask, unaskedGateTask } from './judge.ts'
import { closureOf } from './order.ts'
import { type Builds, planBuilds } from './plan-builds.ts'
import { cachesAfter, cachesAtEnd, cachesBeside } from './plan-caches.ts'
import { buildsOf, type ImagePlan, planImage } from './plan-image.ts'
import { planMounts } from './plan-mounts.ts'

type AnyTask = Task<unknown>

/**
 * What can be asked of a pipeline: `run` is all up to the gate, `cache` writes the caches of what was built without one,
 * the others are one stage with what it needs.
 */
const commands = ['run', 'build', 'check', 'scan', 'test', 'push', 'cache'] as const
export type Command = (typeof commands)[number]

export interface Plan {
  /** 16 hex digits: the same for the same configuration, commit and branch, whatever the host, event or schedule */
  readonly hash: string
  readonly tasks: readonly AnyTask[]
  readonly goals: Readonly<Record<Command, readonly AnyTask[]>>
  /** what a build that pushes by itself does besides: tasks with the names of others, behind a gate that asks for nothing */
  readonly pushBuilt: readonly AnyTask[]
  /** tags and labels of each image, by its name */
  readonly metadata: Readonly<Record<string, Metadata>>
}

/**
 * Pure: the graph of a configuration at a revision. Nothing here looks at the host; event, fork and engine turn tasks
 * into `skipped` when they run. `pulls`: the hosts that its files pull from.
 * @throws UserError for what this version can't do yet.
 */
export function planPipeline(config: Config, facts: Facts, pulls: readonly string[] = []): Plan {
  const builder = builderTask(builderOf(config))
  const where = { builder, staging: stagingTask() }
  const entries = Object.entries(config.images)
  const all = entries.map(([name, image]) => buildsOf(name, image, { config, facts }))
  const planned = all.flatMap(({ platforms: ships, tests }) => [...ships, ...(tests === undefined ? [] : [tests])])
  const pushedTo = all.flatMap(({ metadata: { places } }) => places.map(({ registry }) => registry))
  const hosts = privateHosts(pulls, pushedTo)
  const pull = hosts.length === 0 ? undefined : pullTask({ hosts, section: config.login })
  const mounts = planMounts(config, { planned, where, pull })
  const builds = planBuilds(planned, {
    where: { ...where, ...(mounts === undefined ? {} : { mounts: mounts.restored }) },
    pull,
  })
  const shared = {
    builds,
    scanner: scannerTask(),
    services: pulling(servicesTask({ compose: config.compose, services: config.services }), pull),
  }
  const images = entries.map(([name, image]) => planImage(name, image, { config, facts, shared }))
  const files = entries.flatMap(([, image]) => (hasDockerfile(image) ? dockerfileOf(image.build) : []))
  const checks = [...checkTasks(config.checks), ...hadolintTasks(config.hadolint, files)]
  const source = config.scan.source ? [sourceScanTask(config.scan, shared.scanner)] : []
  const units = images.flatMap(({ tests }) => (tests === undefined ? [] : [tests.unit]))
  const platforms = images.flatMap(image => image.platforms)
  const gate = gateTask(platforms, [...checks, ...source, ...units])
  const beside = images.flatMap(image => planBeside(image, { builder: where.builder, builds }))
  const destinations = images.flatMap(({ metadata }) => metadata.places)
  const registries = [...new Set(destinations.map(({ registry }) => registry))]
  const wanted = { registries, section: config.login, destinations }
  const identity = identityTask(wanted)
  const pushOf = (cleared: ReturnType<typeof gateTask>) => {
    const login = loginTask(wanted, { gate: cleared, identity })
    const placed = images.filter(({ metadata: { places } }) => places.length > 0)
    return [
      ...placed.map(image => planPush(image, { cleared, staged: image.staged, login })),
      ...cachesBeside(images, { builds, gate: cleared, login }),
    ]
  }
  const goals = {
    run: [
      gate,
      ...images.flatMap(({ staged, platforms: all }) => (all.some(({ image }) => image === staged) ? [] : [staged])),
      ...cachesAfter(gate, images, builds),
      ...beside,
      ...(mounts === undefined ? [] : [mounts.saveAfter(gate)]),
    ],
    build: [
      ...images.flatMap(({ config: { build }, staged }) => (build.call === undefined ? [staged] : [])),
      ...beside,
    ],
    check: checks,
    scan: [...source, ...platforms.flatMap(({ scan }) => scan)],
    test: images.flatMap(({ tests, platforms: all }) => [
      ...(tests === undefined ? [] : [tests.unit]),
      ...all.flatMap(({ judges, scan }) => judges.filter(judge => !scan.includes(judge))),
    ]),
    push: pushOf(gate),
    cache: [...cachesAtEnd(images, builds), ...(mounts === undefined ? [] : [mounts.saveAfter()])],
  }
  // What a step after the job does is no part of what was asked.
  const { cache: _, ...asked } = goals
  const tasks = closureOf(Object.values(asked).flat())
  checkNames(tasks)
  const metadata = Object.fromEntries(images.map(image => [image.name, image.metadata]))
  return { hash: planHash(tasks), tasks, goals, pushBuilt: pushOf(unaskedGateTask(platforms)), metadata }
}

/** The request holds the rules, not the tags: those depend on the branch. */
const planPush = (
  { name, metadata: { references, places }, config: { tags, flavor } }: ImagePlan,
  needs: Parameters<typeof pushTask>[3],
) => pushTask(`push:${name}`, { name, references }, { name, places: places.map(renderName), tags, flavor }, needs)

/** One builder for all images: it is to do what any of them asks for. */
function builderOf({ builder, images }: Config): BuilderRequest {
  const all = Object.values(images)
  return {
    config: builder,
    needs: all.some(({ build }) => build.reproducible !== undefined) ? ['build.reproducible'] : [],
    allow: [...new Set(all.flatMap(({ build }) => build.allow ?? []))],
    platforms: [...new Set(all.flatMap(({ platforms }) => platforms))],
  }
}

/** What is done of an image besides: what BuildKit is asked about it, and its further outputs. */
function planBeside(
  { name, config: { build, image }, platforms, metadata }: ImagePlan,
  { builder, builds }: { builder: Task<Builder>; builds: Builds },
): readonly AnyTask[] {
  if (build.call !== undefined) return [callTask(`call:${name}`, { call: build.call, config: build }, builder)]
  const { tags, tagNames, places } = metadata
  const given = places.length > 0 ? tags : tagNames.map(tag => `${image}:${tag}`)
  const references = given.length > 0 ? given : [`${image}:staged`]
  const made = platforms.map(one => one.image)
  return [
    ...platforms.flatMap(one => builds.outputsOf(`export:${name}${one.suffix}`, one, references)),
    ...(build.load === true ? [loadTask(`load:${name}`, references, made)] : []),
  ]
}

/** @throws UserError when two tasks have one name: an image called as a part of the source is */
function checkNames(tasks: readonly AnyTask[]): void {
  const names = tasks.map(({ id }) => id)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new UserError(
      `images: two tasks would be called ${twice}\nGive the image another name: images: { web: { image: … } }`,
    )
}

/** The hash leaves out weights, deadlines and estimates: they say when, not what. */
const planHash = (tasks: readonly AnyTask[]): string =>
  hashOf(
    tasks
      .map(
        ({ id, kind, request, needs, judges }): Json => ({ id, kind, request, needs: ids(needs), judges: ids(judges) }),
      )
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  )

const ids = (tasks: readonly AnyTask[]): string[] => tasks.map(({ id }) => id).sort()
