import type { Part, Vertex } from '../record/part.ts'
import { stepsOf } from '../record/steps.ts'
import { readParts } from '../run/parts.ts'
import type { Scope } from '../task/scope.ts'
import type { Build } from './build.ts'

/** Steps that a build went through, as its part tells them; of a bake those of all its targets. */
export const readSteps = async (build: Build, scope: Scope): Promise<readonly Vertex[]> =>
  stepsOf((await partsOf(build, scope)).flatMap(({ vertices }) => vertices ?? []))

/** When the builder had read the context, in ms since 1970; now, where nothing tells. */
export async function timeOfContext(build: Build, scope: Scope): Promise<number> {
  const parts = await partsOf(build, scope)
  const read = parts.flatMap(({ vertices = [], ended }) => {
    const contexts = vertices.filter(({ name }) => /^\[(\S+ )?internal\] load build context$/.test(name))
    const times = contexts.flatMap(({ completed }) => (completed === undefined ? [] : Date.parse(completed)))
    return times.length === 0 ? [Date.parse(ended)] : times
  })
  return Math.min(Date.now(), ...read)
}

/** The part of a build has its image, that of a bake the images of all targets. */
async function partsOf({ name, target = '', platform }: Build, { run }: Scope): Promise<readonly Part[]> {
  const parts = await readParts(run.directory)
  const isMade = (value: unknown): boolean => {
    const made = Object(value) as Readonly<Record<string, unknown>>
    return made.name === name && made.target === target && (platform === 'native' || made.platform === platform)
  }
  return parts.filter(({ value }) => [value, ...Object.values(Object(value))].some(isMade))
}
