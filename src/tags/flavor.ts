import { attributesOf } from './list.ts'
import type { Misread } from './rule.ts'

/** What holds for all tags. */
export interface Flavor {
  readonly latest: 'auto' | 'true' | 'false'
  /** may hold expressions */
  readonly prefix: string
  readonly prefixOnLatest: boolean
  readonly suffix: string
  readonly suffixOnLatest: boolean
}

const plain: Flavor = { latest: 'auto', prefix: '', prefixOnLatest: false, suffix: '', suffixOnLatest: false }

/** Pure: a flavor, from items such as `latest=auto` and `suffix=-alpine,onlatest=true`. */
export function parseFlavor(items: readonly string[]): Flavor | Misread {
  let flavor = plain
  for (const item of items) {
    let about: 'prefix' | 'suffix' | undefined
    for (const [key, value] of attributesOf(item, '')) {
      if (key === 'latest' && (value === 'auto' || value === 'true' || value === 'false'))
        flavor = { ...flavor, latest: value }
      else if (key === 'prefix' || key === 'suffix') {
        about = key
        flavor = { ...flavor, [key]: value }
      } else if (key === 'onlatest' && about !== undefined && /^(true|false)$/.test(value))
        flavor = { ...flavor, [`${about}OnLatest`]: value === 'true' }
      else return { fault: faultOf(key) }
    }
  }
  return flavor
}

function faultOf(key: string): string {
  if (key === 'latest') return 'latest=auto, latest=true or latest=false'
  if (key === 'onlatest') return 'onlatest=true or onlatest=false, after a prefix or a suffix'
  return 'latest=…, prefix=… or suffix=…'
}
