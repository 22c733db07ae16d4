import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { azureAdvice } from '../cache/azure-trouble.ts'
import { isNotThere } from '../cache/explain.ts'
import { typeOf } from '../cache/given.ts'
import { type OpenCache, readingOf } from '../cache/open.ts'
import type { CacheUse } from '../record/cache-use.ts'
import type { Vertex } from '../record/part.ts'
import { importedFrom } from '../record/steps.ts'
import type { Scope } from '../task/scope.ts'
import type { Solved } from './solve.ts'
import { inTurn } from './turn.ts'

/** The solve, or solves, of builds with these values of `--cache-from` for each. */
type Attempt = (from: readonly (readonly string[])[]) => Promise<Solved>

interface Reading {
  /** what shares steps: it is solved one after another while caches are read */
  readonly akin: string
  readonly attempt: Attempt
}

/**
 * A solve that reads caches. BuildKit goes on where it can't read an index, but ends where a layer that an index names
 * can't be read: then the solve is done once more, without a cache, and a folder of layers is written anew.
 */
export async function solveCached(
  cache: OpenCache,
  { akin, attempt }: Reading,
  scope: Scope,
): Promise<Solved & { readonly cache: CacheUse }> {
  const from = cache.from.map(items => items.map(cache.through))
  const first = from.flat().length === 0 ? await attempt(from) : await inTurn(akin, scope, () => attempt(from))
  const broken = whyCacheBroke(first, cache)
  const plain = () => attempt(from.map(() => []))
  const last = broken === undefined ? first : await withoutCache(plain, cache, broken, scope)
  const notices = [
    ...cache.notices,
    ...noticesOf(first.vertices, cache),
    ...(broken === undefined ? [] : [`built without the cache, which broke the first try: ${broken}`]),
  ]
  for (const notice of notices) scope.say(`Cache: ${notice}`)
  const use = readingOf(cache, { vertices: last.vertices, notices })
  if (use.miss !== undefined) scope.say(`First step that was not in the cache: ${use.miss}`)
  return { ...last, cache: use }
}

async function withoutCache(attempt: () => Promise<Solved>, { plans }: OpenCache, why: string, { say }: Scope) {
  say(`The cache broke the build, which is done once more without it: ${why}`)
  const folders = damage.test(why) ? plans.flatMap(({ folder }) => folder ?? []) : []
  for (const folder of folders) await rm(join(folder, 'index.json'), { force: true }).catch(() => {})
  return withAdvice(await attempt())
}

/** What BuildKit says of a layer that its index names and that is not there, or not what it was. */
const damage =
  /lease "[^"]*": not found|NotFound desc = content|content sha256:\w+: not found|failed size validation|unexpected commit digest/

/** A builder that has begun with a layer goes on asking for it, whatever is read. */
function withAdvice(solved: Solved): Solved {
  const { failure } = solved
  if (failure === undefined || !damage.test(wordsOf(failure))) return solved
  const text = `${wordsOf(failure)}\n${advice}`
  return failure.status === 'failed'
    ? { ...solved, failure: { ...failure, reason: text } }
    : { ...solved, failure: { ...failure, fault: { ...failure.fault, message: text } } }
}

const advice =
  'A layer of the cache is damaged, and the builder still asks for it: run again with another builder (pce clean takes this one down). The damaged cache is not read again.'

const wordsOf = (failure: NonNullable<Solved['failure']>): string =>
  failure.status === 'failed' ? failure.reason : failure.fault.message

/** How BuildKit says that a layer did not come (containerd content store, Azure's SDK). */
const layerFault = new RegExp(
  `${damage.source}|failed to copy|short read|unexpected EOF|BlobNotFound|failed to (load|configure|get)\\b.{0,40}\\bcache|blob .{0,90}not found`,
  'i',
)

function whyCacheBroke({ failure, vertices }: Solved, { from, tally }: OpenCache): string | undefined {
  if (failure === undefined || from.flat().length === 0 || vertices.some(isFailedStep)) return undefined
  const words = wordsOf(failure)
  const [trouble] = [...tally.troubles].reverse()
  if (!layerFault.test(words)) return undefined
  return trouble ?? words.split('\n', 1)[0]
}

/** A command of the user that ended badly: no cache is to blame. */
const isFailedStep = ({ name, error = '' }: Vertex): boolean =>
  /\] RUN /.test(name) && /did not complete successfully/.test(error)

/** An index that is not there is a cache that nobody has written yet; whatever else an import says is in the way. */
function noticesOf(vertices: readonly Vertex[], { tally, from }: OpenCache): readonly string[] {
  // Only what goes by a relay is looked at on its way.
  const relayed = [...new Set(from.flat().map(typeOf))].filter(type => /^(gha|s3|azblob)$/.test(type))
  const troubles = [...tally.troubles].map(
    trouble => `nothing, or not all, was read from the ${relayed.join(' or ')} cache: ${trouble}`,
  )
  const failed = vertices.flatMap(({ name, error }) => {
    const place = importedFrom(name)
    const said = azureAdvice(error ?? '') ?? error?.split('\n', 1)[0] ?? ''
    const none = said === '' || isNotThere(said)
    return place === undefined || none
      ? []
      : [`nothing was read from ${place.replace(/^(gha|s3|azblob):\d+$/, '$1')}: ${said}`]
  })
  return troubles.length > 0 ? troubles : failed
}
