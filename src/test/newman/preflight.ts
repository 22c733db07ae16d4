import { closest, distance } from 'fastest-levenshtein'
import type { Collection, Item } from './collection.ts'

/** A variable that is used and defined nowhere that can be seen, and the first request that uses it. */
export interface Undefined {
  readonly variable: string
  readonly request: string
}

type Content = Collection['content']
type Part = Content | Item

const partsOf = (part: Part): Part[] => [part, ...(part.item ?? []).flatMap(partsOf)]
const titleOf = (part: Part): string => ('info' in part ? 'the collection' : (part.name ?? 'a request without a name'))

const scriptsOf = ({ event }: Part): string[] =>
  event.flatMap(({ script }) => {
    const exec = typeof script === 'string' ? script : (script?.exec ?? '')
    return typeof exec === 'string' ? exec : exec.join('\n')
  })

// pm.environment.set('a', …), pm.collectionVariables.set("a", …), postman.setGlobalVariable(`a`, …)
const setter = /\b(?:pm\s*\.\s*\w+\s*\.\s*set|postman\s*\.\s*set\w+)\s*\(\s*(['"`])(.+?)\1/g
const setBy = (script: string): string[] => [...script.matchAll(setter)].map(([, , name = '']) => name)

const definedIn = (part: Part): string[] => [
  ...part.variable.map(({ key, id }) => key ?? id ?? ''),
  ...scriptsOf(part).flatMap(setBy),
]

// `{{$guid}}` and the like are made by Postman.
function usedIn(part: Part): string[] {
  const { auth, variable } = part
  const request = 'request' in part ? part.request : null
  const text = JSON.stringify([request, auth, variable.map(({ value }) => value)])
  return [...text.matchAll(/\{\{([^{}"\\]+)\}\}/g)]
    .map(([, name = '']) => name.trim())
    .filter(name => !name.startsWith('$'))
}

/** Variables that no collection, environment, given value or script in sight defines. Scripts may still set them. Pure. */
export function findUndefined({ content }: Collection, given: readonly string[]): Undefined[] {
  const parts = partsOf(content)
  const known = new Set([...given, ...parts.flatMap(definedIn)])
  const uses = parts.flatMap(part => usedIn(part).map(variable => ({ variable, request: titleOf(part) })))
  const unknown = uses.filter(({ variable }) => !known.has(variable))
  return unknown.filter((use, index) => unknown.findIndex(({ variable }) => variable === use.variable) === index)
}

/** One line on such a variable, with the name that may have been meant. */
export function renderUndefined({ variable, request }: Undefined, given: readonly string[]): string {
  const near = given.length === 0 ? undefined : closest(variable, [...given])
  const hint = near !== undefined && distance(near, variable) <= 2 ? `; did you mean {{${near}}}?` : ''
  return `{{${variable}}} is used by ${request} and defined nowhere in sight${hint}`
}
