import { attributesOf } from '../schema/csv.ts'
import type { BuildConfig } from './config.ts'

type Wish = Pick<BuildConfig, 'provenance' | 'sbom' | 'attests'>

/** What is true about the run that builds. */
export interface Circumstances {
  /** whether everybody may read the repository */
  readonly isPublic: boolean
  /** address of the run, as the provenance names its builder; undefined on a laptop */
  readonly run: string | undefined
}

/** True where the image gets attestations beside it, which makes an index of what is pushed. */
export const isAttested = (wish: Wish): boolean =>
  ['provenance', 'sbom'].some(type => askedFor(wish, type as 'provenance' | 'sbom', '') !== 'false')

/**
 * Pure: the flags that ask BuildKit for attestations. Provenance of mode `max` holds the build arguments and the whole
 * Dockerfile: it is the default only where everybody may read these anyway.
 */
export function attestFlags(wish: Wish, { isPublic, run }: Circumstances): readonly string[] {
  const provenance = askedFor(wish, 'provenance', `mode=${isPublic ? 'max' : 'min'}`)
  const isNamed = provenance === 'false' || run === undefined || 'builder-id' in (attributesOf(provenance) ?? {})
  return [
    `--provenance=${isNamed ? provenance : `${provenance},builder-id=${run}`}`,
    `--sbom=${askedFor(wish, 'sbom', 'true')}`,
  ]
}

/** A key of its own wins over the list, as it does in docker/build-push-action. */
function askedFor(wish: Wish, type: 'provenance' | 'sbom', usual: string): string {
  const own = wish[type]
  if (own !== undefined) return typeof own === 'string' ? own : own ? usual : 'false'
  const listed = (wish.attests ?? []).findLast(item => attributesOf(item)?.type === type)
  if (listed === undefined || attributesOf(listed)?.disabled === 'true') return 'false'
  return attributesIn(listed) || usual
}

/** The attributes of an item of the list besides its type, as they are written. */
const attributesIn = (item: string): string => item.replace(/(^|,)type=(provenance|sbom)(?=,|$)/, '').replace(/^,/, '')
