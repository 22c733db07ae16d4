import { randomBytes } from 'node:crypto'
import { type Answer as BlobAnswer, blobAnswer, blobError } from '../actions-cache/answer.ts'
import { answerBlob, blobActionOf } from '../actions-cache/blobs.ts'
import type { Entry } from '../actions-cache/entries.ts'
import { createClock } from '../aws/clock.ts'
import { createFaults, type FaultRule } from '../aws/faults.ts'
import { type Answer, type Asked, type Call, openServer } from '../aws/server.ts'
import { type Account, isShared, isSigned } from './verify.ts'

/** Azure's Blob service for one storage account, as far as block blobs go. */
export interface Azblob extends AsyncDisposable {
  /** address of the account: `http://127.0.0.1:port/acme` */
  readonly address: string
  readonly account: Account
  readonly log: readonly Call[]
  /** Names of the blobs of a container, sorted. */
  blobs(container: string): readonly string[]
  /** Actions are named as in the API, `PutBlob`. */
  fault(rule: FaultRule<AzureFailure>): Disposable
  [Symbol.asyncDispose](): Promise<void>
}

type Blob = Pick<Entry, 'content' | 'blocks'>

const plain = ({ headers, ...answer }: BlobAnswer): Answer => ({
  ...answer,
  headers: {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    // A HEAD has no body to tell it.
    ...(answer.code === undefined ? {} : { 'x-ms-error-code': answer.code }),
  },
})

const failures = {
  busy: plain(
    blobError(503, 'ServerBusy', 'The server is currently unable to receive requests. Please retry your request.'),
  ),
} as const
type AzureFailure = keyof typeof failures

/** Opens it on a free port of 127.0.0.1. Containers, and who asks, are checked. */
export async function openAzblob(containers: readonly string[]): Promise<Azblob> {
  const account = { name: 'acme', key: randomBytes(64).toString('base64') }
  const kept = new Map(containers.map(name => [name, new Map<string, Blob>()]))
  const clock = createClock()
  const faults = createFaults<AzureFailure>()
  const log: Call[] = []
  const server = await openServer({
    name: 'azblob',
    log,
    clock,
    faults,
    failures,
    nameAction: actionOf,
    answer: (asked, action) => plain(answer(asked, action, { account, containers: kept, now: clock.now() })),
  })
  return {
    address: `${server.origin}/${account.name}`,
    account,
    log,
    blobs: container =>
      [...(kept.get(container) ?? [])].flatMap(([name, { content }]) => (content ? [name] : [])).sort(),
    fault: faults.add,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const urlOf = ({ target }: Asked): URL => new URL(target, 'http://azblob')

function actionOf(asked: Asked): string {
  const url = urlOf(asked)
  if (asked.method === 'PUT' && url.searchParams.get('comp') === 'metadata') return 'SetBlobMetadata'
  return blobActionOf({ method: asked.method, url })
}

interface Shop {
  readonly account: Account
  readonly containers: ReadonlyMap<string, Map<string, Blob>>
  readonly now: number
}

function answer(asked: Asked, action: string, { account, containers, now }: Shop): BlobAnswer {
  const url = urlOf(asked)
  const right = action.startsWith('Get') ? 'r' : 'w'
  if (asked.headers.authorization !== undefined) {
    const time = Date.parse(String(asked.headers['x-ms-date'] ?? asked.headers.date))
    if (!isSigned(asked, account) || !(Math.abs(now - time) < 15 * 60_000))
      return blobError(403, 'AuthenticationFailed', 'Server failed to authenticate the request.')
  } else if (!isShared(url.searchParams, right, { account, now }))
    return blobError(403, 'AuthenticationFailed', 'Server failed to authenticate the request.')
  const [, name, container = '', ...rest] = url.pathname.split('/')
  const blobs = containers.get(container)
  if (name !== account.name || blobs === undefined)
    return blobError(404, 'ContainerNotFound', 'The specified container does not exist.')
  const key = decodeURIComponent(rest.join('/'))
  const blob = blobs.get(key) ?? { content: undefined, blocks: new Map() }
  const absent = blobError(404, 'BlobNotFound', 'The specified blob does not exist.')
  if (action === 'SetBlobMetadata') return blob.content === undefined ? absent : blobAnswer(200)
  if (action === '') return blobError(400, 'UnsupportedHttpVerb', 'The resource does not support this.')
  blobs.set(key, blob)
  // An entry that may change for ever.
  const entry = Object.assign(blob, { id: 0, key, version: '', scope: '', path: '', final: false, age: 0, used: 0 })
  return answerBlob(action, entry, { method: asked.method, url, headers: asked.headers, body: asked.body })
}
