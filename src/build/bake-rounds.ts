import type { Vertex } from '../record/part.ts'
import { type BakeTarget, reachedFrom } from './bake.ts'
import { isRemote } from './config.ts'
import type { Solved } from './solve.ts'

type Targets = Readonly<Record<string, BakeTarget>>

/**
 * Pure: which targets are solved together where caches are read. Those that share steps, because they have one
 * Dockerfile or one is built on the other, come one after another (see `inTurn`), what others are built on first; those
 * that share none at the same time.
 */
export function roundsOf(targets: Targets, images: readonly string[]): readonly (readonly string[])[] {
  const rounds: string[][] = []
  for (const group of groupsOf(targets, inOrder(targets, images)))
    for (const [at, name] of group.entries()) {
      const round = rounds[at] ?? []
      round.push(name)
      rounds[at] = round
    }
  return rounds
}

/** What a target is built on comes before it: each reaches more than those that it reaches. */
function inOrder(targets: Targets, images: readonly string[]): readonly string[] {
  const all = [...new Set(images.flatMap(name => reachedFrom(name, targets)))]
  return all.sort((a, b) => reachedFrom(a, targets).length - reachedFrom(b, targets).length)
}

function groupsOf(targets: Targets, names: readonly string[]): readonly (readonly string[])[] {
  let groups: (readonly string[])[] = []
  for (const name of names) {
    const akin = groups.filter(group => group.some(other => sharesSteps(targets, name, other)))
    groups = [...groups.filter(group => !akin.includes(group)), [...akin.flat(), name]]
  }
  return groups
}

const sharesSteps = (targets: Targets, name: string, other: string): boolean =>
  reachedFrom(name, targets).includes(other) || sourceOf(targets[name]) === sourceOf(targets[other])

/** What its steps are read from. */
const sourceOf = (target: BakeTarget | undefined): string =>
  JSON.stringify([
    isRemote(target?.context ?? '') ? target?.context : '',
    target?.['dockerfile-inline'] ?? [target?.context, target?.dockerfile],
  ])

/** One solve after another, up to one that fails; what they tell as if they were one. */
export async function solveRounds(
  rounds: readonly (readonly string[])[],
  solve: (asked: readonly string[]) => Promise<Solved>,
): Promise<Solved> {
  const done: Solved[] = []
  for (const asked of rounds) {
    const solved = await solve(asked)
    done.push(solved)
    if (solved.failure !== undefined) break
  }
  const failure = done.at(-1)?.failure
  return {
    ...(failure === undefined ? {} : { failure }),
    vertices: joined(done.map(({ vertices }) => vertices)),
    bases: unique(done.flatMap(({ bases }) => bases)),
    findings: unique(done.flatMap(({ findings }) => findings)),
  }
}

const unique = <T>(items: readonly T[]): T[] => [...new Map(items.map(item => [JSON.stringify(item), item])).values()]

/**
 * What one solve has done the next finds done, and it was done. By name, since the digest of a step says from which
 * session its files came; of several targets each has its own in front of it.
 */
function joined(solves: readonly (readonly Vertex[])[]): Vertex[] {
  const known = new Set<string>()
  return solves.flatMap(vertices => {
    const fresh = vertices.filter(({ name, cached }) => !cached || !(known.has(name) || known.has(nameOf(name))))
    for (const { name } of vertices) known.add(name).add(nameOf(name))
    return fresh
  })
}

const nameOf = (name: string): string => name.replace(/^\[\S+ (?=(\S+ )?\d+\/\d+\])/, '[')
