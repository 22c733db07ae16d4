import { createHmac } from 'node:crypto'
import type { Asked } from '../aws/server.ts'

export interface Account {
  readonly name: string
  /** base64 */
  readonly key: string
}

const hmac = ({ key }: Account, text: string): string =>
  createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64')

/** Whether a request is signed with the account's key ("Authorize with Shared Key", Azure Storage REST API). */
export function isSigned({ method, target, headers }: Asked, account: Account): boolean {
  const url = new URL(target, 'http://azblob')
  const length = headers['content-length'] === '0' ? undefined : headers['content-length']
  const fields = [
    ...[
      headers['content-encoding'],
      headers['content-language'],
      length,
      headers['content-md5'],
      headers['content-type'],
    ],
    headers['x-ms-date'] === undefined ? headers.date : undefined,
    ...[headers['if-modified-since'], headers['if-match'], headers['if-none-match'], headers['if-unmodified-since']],
    headers.range,
  ]
  const named = Object.entries(headers).filter(([name]) => name.startsWith('x-ms-'))
  const own = named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}:${value}`)
  const names = [...new Set(url.searchParams.keys())].sort()
  const query = names.map(name => `${name.toLowerCase()}:${url.searchParams.getAll(name).sort().join(',')}`)
  const text = [method, ...fields.map(field => field ?? ''), ...own, `/${account.name}${url.pathname}`, ...query].join(
    '\n',
  )
  return headers.authorization === `SharedKey ${account.name}:${hmac(account, text)}`
}

/** Whether a request has on it that the account lets this be done now ("Create an account SAS"). */
export function isShared(
  query: URLSearchParams,
  right: 'r' | 'c' | 'w',
  { account, now }: { account: Account; now: number },
): boolean {
  const of = (name: string): string => query.get(name) ?? ''
  const signed = ['sp', 'ss', 'srt', 'st', 'se', 'sip', 'spr', 'sv', 'ses'].map(of)
  if (hmac(account, [account.name, ...signed, ''].join('\n')) !== of('sig')) return false
  const fits = of('ss').includes('b') && of('srt').includes('o') && of('sp').includes(right)
  return fits && Date.parse(of('se')) > now
}
