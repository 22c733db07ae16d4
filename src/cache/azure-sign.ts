import { createHmac } from 'node:crypto'

/** How a storage account lets somebody in, as Azure's own tools are told it. */
export interface AzureKeys {
  /** of the account, base64 (AZURE_STORAGE_KEY) */
  readonly key?: string
  /** a shared access signature (AZURE_STORAGE_SAS_TOKEN) */
  readonly sas?: string
}

interface Signing {
  readonly method: string
  readonly target: URL
  /** in lower case, those that travel; without `authorization` */
  readonly headers: Readonly<Record<string, string>>
  /** name of the storage account */
  readonly account: string
  /** base64 */
  readonly key: string
}

const standard = [
  ...['content-encoding', 'content-language', 'content-length', 'content-md5', 'content-type', 'date'],
  ...['if-modified-since', 'if-match', 'if-none-match', 'if-unmodified-since', 'range'],
]

/** The value of `authorization` ("Authorize with Shared Key", Azure Storage REST API). */
export function sharedKey({ method, target, headers, account, key }: Signing): string {
  const values = standard.map(name => (name === 'content-length' && headers[name] === '0' ? '' : (headers[name] ?? '')))
  const own = Object.keys(headers)
    .filter(name => name.startsWith('x-ms-'))
    .sort()
    .map(name => `${name}:${headers[name]?.trim()}`)
  const query = [...target.searchParams].map(([name, value]) => `${name.toLowerCase()}:${value}`).sort()
  const text = [method, ...values, ...own, [`/${account}${target.pathname}`, ...query].join('\n')].join('\n')
  return `SharedKey ${account}:${createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')}`
}
