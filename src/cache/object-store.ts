import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Keys } from '../aws/machine-keys.ts'
import type { Agents } from '../program/agents.ts'
import { toAzure } from './azure-calls.ts'
import { type AzureKeys, sharedKey } from './azure-sign.ts'
import { troubleInAzure } from './azure-trouble.ts'
import { sendOn } from './relay-send.ts'
import type { S3Place } from './s3-place.ts'
import { signedHeaders } from './s3-sign.ts'
import { type Refused, troubleInS3 } from './s3-trouble.ts'

/** A request of BuildKit's to S3 that goes on to where the objects are. */
interface Sending {
  /** key and query, as they came */
  readonly rest: string
  readonly incoming: IncomingMessage
  /** ms */
  readonly silence: number
  readonly agents: Agents
  sent(bytes: number): void
}

/** An answer as it came, or what is to be said in its place; `sent`: whether anything was asked for that. */
export type Heard = IncomingMessage | { readonly tells: string; readonly sent: boolean }

/** Where the objects of a cache are. */
export interface ObjectStore {
  /** False for what leads out of the cache: the machine's keys may open more than that. */
  admits(rest: string, incoming: IncomingMessage): boolean
  /** @throws what the network says */
  send(sending: Sending): Promise<Heard>
  troubleIn(refused: Pick<Refused, 'status' | 'body'>, headers: IncomingMessage['headers']): string | undefined
}

const agentOf = ({ protocol }: URL, { http, https }: Agents) => (protocol === 'https:' ? https : http)

const isBelow = (address: string, rest: string): boolean =>
  new URL(`${address}/${rest}`).href.startsWith(new URL(`${address}/`).href)

/** Objects in S3: the request is signed anew. */
export const s3Store = (place: S3Place, keys: Keys): ObjectStore => ({
  admits(rest, { headers: { 'x-amz-copy-source': source } }) {
    const from = decodeURIComponent(String(source ?? `${place.bucket}/`)).replace(/^\//, '')
    return isBelow(place.address, rest) && from.startsWith(`${place.bucket}/`)
  },
  async send({ rest, incoming, silence, agents, sent }) {
    const target = new URL(`${place.address}/${rest}`)
    const headers = await signedHeaders({ target, region: place.region, keys }, incoming)
    return await sendOn({ target, headers, silence, agent: agentOf(target, agents), sent }, incoming)
  },
  troubleIn: refused => troubleInS3({ ...refused, bucket: place.bucket }),
})

export interface AzurePlace {
  /** address of the storage account, without a slash at the end */
  readonly account: string
  readonly container: string
}

/** Objects in Azure's Blob service: the request becomes another one. */
export const azureStore = ({ account, container }: AzurePlace, keys: AzureKeys): ObjectStore => ({
  admits: rest => isBelow(`${account}/${container}`, rest),
  async send({ rest, incoming, silence, agents, sent }) {
    const [key = '', query = ''] = rest.split('?', 2)
    const { method = 'GET', headers } = incoming
    const asked = { method, query: new URLSearchParams(query), copies: headers['x-amz-copy-source'] !== undefined }
    const isEnd = method === 'POST' && asked.query.has('uploadId')
    const other = toAzure({ ...asked, body: isEnd ? await text(incoming) : '' })
    if (other === undefined || 'begun' in other) return { tells: other?.begun ?? '', sent: false }
    const target = new URL(`${account}/${container}/${key}`)
    for (const [name, value] of Object.entries(other.query)) target.searchParams.set(name, value)
    const own = azureHeaders(headers, other)
    const authorization =
      keys.key && sharedKey({ ...other, target, headers: own, account: nameOf(account), key: keys.key })
    // A signature that is shared is part of the address; it signs no request.
    if (!authorization) for (const [name, value] of new URLSearchParams(keys.sas)) target.searchParams.set(name, value)
    const onward = { target, method: other.method, body: other.body, silence, agent: agentOf(target, agents), sent }
    const heard = await sendOn({ ...onward, headers: { ...own, ...(authorization && { authorization }) } }, incoming)
    if (other.tells === undefined || (heard.statusCode ?? 502) >= 400) return heard
    heard.resume()
    return { tells: other.tells, sent: true }
  },
  troubleIn: ({ status }, { 'x-ms-error-code': code = '' }) =>
    troubleInAzure({ status, code: String(code), container }),
})

/** Of what came only what is about the object, with what every request to Azure has. */
function azureHeaders(
  { range, 'content-length': length }: IncomingMessage['headers'],
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body?: string },
): Record<string, string> {
  const size = body === undefined ? length : String(Buffer.byteLength(body))
  return {
    'x-ms-date': new Date().toUTCString(),
    'x-ms-version': '2024-11-04',
    ...(range && { range }),
    ...(size && { 'content-length': size }),
    ...headers,
  } satisfies OutgoingHttpHeaders
}

/** The host's first part (`https://acme.blob.core.windows.net`), else the path's (`http://127.0.0.1:10000/acme`). */
function nameOf(account: string): string {
  const { hostname, pathname } = new URL(account)
  return pathname.length > 1 ? (pathname.split('/')[1] ?? '') : (hostname.split('.', 1)[0] ?? '')
}
