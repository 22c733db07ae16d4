import { attributesOf } from '../schema/csv.ts'

/** Where a cache of type s3 is. */
export interface S3Place {
  readonly bucket: string
  readonly region: string
  /** address under which its objects are, without a slash at the end */
  readonly address: string
}

/** Pure: the place that a value of `--cache-from` or `--cache-to` names; undefined where it names no whole one. */
export function s3PlaceOf(item: string): S3Place | undefined {
  const { type, bucket, region, endpoint_url: endpoint, use_path_style: style } = attributesOf(item) ?? {}
  if (type !== 's3' || !bucket || !region) return undefined
  if (endpoint !== undefined && !URL.canParse(endpoint)) return undefined
  return { bucket, region, address: addressOf({ bucket, region, endpoint, byPath: style === 'true' }) }
}

interface Addressed {
  readonly bucket: string
  readonly region: string
  readonly endpoint: string | undefined
  readonly byPath: boolean
}

/** "Virtual hosting of general purpose buckets", S3 user guide: a name with dots has no certificate. */
function addressOf({ bucket, region, endpoint, byPath }: Addressed): string {
  const base = endpoint ?? `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
  const { protocol, host, pathname } = new URL(base)
  const path = pathname.replace(/\/$/, '')
  const isPath = endpoint === undefined ? bucket.includes('.') : byPath
  return isPath ? `${protocol}//${host}${path}/${bucket}` : `${protocol}//${bucket}.${host}${path}`
}
