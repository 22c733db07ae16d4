import { posix } from 'node:path'
import type { Program } from '../program/run.ts'
import type { Scope } from '../task/scope.ts'
import type { Built, Caching } from './again.ts'
import { type BakeTarget, reachedFrom } from './bake.ts'
import { type BakeRequest, openBake } from './bake-open.ts'
import { planBakeCache } from './bake-plan.ts'
import { readsOf, wishesFor } from './bake-wishes.ts'
import type { Build, Where } from './build.ts'
import { isRemote } from './config.ts'
import { hideLaterFiles } from './later-files.ts'

/**
 * One image of a bake, once more: by itself, so that a cache that can't be written is in the way of no other, and each is
 * written when it may be.
 */
export const builtInBake = (build: Build, bake: BakeRequest): Built => ({
  build,
  wishes: wishesFor(build, bake),
  together: bake.builds.length,
  again: where => (caching, scope, run) => bakeAgain({ build, bake, where, caching }, scope, run),
})

interface Once {
  readonly build: Build
  readonly bake: BakeRequest
  readonly where: Where
  readonly caching: Caching
}

async function bakeAgain(
  { build, bake, where, caching }: Once,
  scope: Scope,
  run: (program: Program) => Promise<void>,
): Promise<void> {
  const { target = '' } = build
  const { from, to, folders, since } = caching
  await using then = await hideFrom(reachedFrom(target, bake.targets), { targets: bake.targets, since }, scope)
  const asked = { ...bake, targets: then.targets, builds: [build] as const }
  const { plan, env } = await openBake(asked, { where, folders: [...folders, ...then.files] }, scope)
  const cacheTo = Object.fromEntries(wishesFor(build, bake).map((wish, at) => [wish.target ?? '', to[at] ?? []]))
  const cacheFrom = readsOf(asked, from)
  const { argv, definition: input } = planBakeCache(
    { ...plan, cacheFrom },
    { builder: where.builder.name, target, cacheTo },
  )
  await run({ title: `Bake ${target}`, argv, cwd: scope.context, env: { ...scope.env, ...env }, input })
}

interface Hidden extends AsyncDisposable {
  readonly targets: Readonly<Record<string, BakeTarget>>
  /** Dockerfiles of ours */
  readonly files: readonly string[]
}

interface Then {
  readonly targets: BakeRequest['targets']
  readonly since: number
}

/** These targets, with contexts as they were at that time. */
async function hideFrom(names: readonly string[], { targets, since }: Then, scope: Scope): Promise<Hidden> {
  await using made = new AsyncDisposableStack()
  const hidden: Record<string, BakeTarget> = {}
  const files: string[] = []
  for (const name of names) {
    const target = targets[name]
    if (target === undefined) continue
    const { file } = made.use(await hideLaterFiles(sourceOf(target), since, scope)).changes
    const { 'dockerfile-inline': _, ...rest } = target
    hidden[name] = file === undefined ? target : { ...rest, dockerfile: file }
    if (file !== undefined) files.push(file, `${file}.dockerignore`)
  }
  const kept = made.move()
  return { targets: hidden, files, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

/** A Dockerfile has its path in its context, where it is no absolute one (docker/buildx, docs/bake-reference.md). */
function sourceOf({ context, dockerfile, 'dockerfile-inline': inline }: BakeTarget) {
  const isApart = isRemote(context) || posix.isAbsolute(dockerfile)
  return { context, file: isApart ? dockerfile : posix.join(context, dockerfile), inline }
}
