import type { Asked } from '../aws/server.ts'

/** What of the API is asked for; empty for what is not built here. */
export type Action =
  | 'GetObject'
  | 'HeadObject'
  | 'PutObject'
  | 'CopyObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | ''

export interface Route {
  readonly action: Action
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
}

/** Path-style addressing: `/bucket/key`. The SDK's `x-id` says the action once more. */
export function routeOf({ method, target, headers }: Pick<Asked, 'method' | 'target' | 'headers'>): Route {
  const { pathname, searchParams: query } = new URL(target, 'http://s3')
  const [, bucket = '', ...rest] = pathname.split('/')
  const names = [...query.keys()]
    .filter(name => name !== 'x-id')
    .sort()
    .join()
  const isCopy = headers['x-amz-copy-source'] !== undefined
  const key = decodeURIComponent(rest.join('/'))
  return { action: key === '' ? '' : actionOf(`${method} ${names}`, isCopy), bucket, key, query }
}

function actionOf(shape: string, isCopy: boolean): Action {
  if (isCopy) return shape === 'PUT ' ? 'CopyObject' : ''
  return actions[shape] ?? ''
}

/** By method, and the names in the query. */
const actions: Readonly<Record<string, Action>> = {
  'GET ': 'GetObject',
  'HEAD ': 'HeadObject',
  'PUT ': 'PutObject',
  'POST uploads': 'CreateMultipartUpload',
  'PUT partNumber,uploadId': 'UploadPart',
  'POST uploadId': 'CompleteMultipartUpload',
  'DELETE uploadId': 'AbortMultipartUpload',
}
