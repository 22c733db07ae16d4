import { readFileSync } from 'node:fs'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { getCACertificates } from 'node:tls'
import { UserError } from '../errors.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

export interface Agents {
  readonly http: HttpAgent
  readonly https: HttpsAgent
}

/**
 * Agents for outgoing calls that honour HTTP_PROXY, HTTPS_PROXY and NO_PROXY in both cases (Node's own `proxyEnv`, since
 * 24.5) and, besides Node's NODE_EXTRA_CA_CERTS, the CA bundle that AWS_CA_BUNDLE names, as AWS's own tools do.
 * @throws UserError when that file can't be read, or for a proxy that can't be used
 */
export function agentsOf(env: Environment): Agents {
  const proxyEnv = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      /^no_proxy$/i.test(name) ? [[name, value]] : /^https?_proxy$/i.test(name) ? [[name, proxyOf(name, value)]] : [],
    ),
  )
  const ca = env.AWS_CA_BUNDLE ? [...getCACertificates('default'), readBundle(env.AWS_CA_BUNDLE)] : undefined
  return {
    http: new HttpAgent({ proxyEnv }),
    https: new HttpsAgent({ proxyEnv, ...(ca === undefined ? {} : { ca }) }),
  }
}

/** A proxy as Node wants it: a URL, where other programs take a host and a port as well. Its value may hold a password. */
function proxyOf(name: string, value = ''): string {
  const text = value.trim()
  if (text === '') return ''
  const url = text.includes('://') ? text : `http://${text}`
  if (isProxy(url)) return url
  throw new UserError(
    `${name}: expected a proxy such as http://proxy.example.com:3128 (what it is now is not shown)\nWrite special characters of a user or password as in a URL: / is %2F, @ is %40, % is %25.`,
  )
}

function isProxy(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, pathname, search, hash } = new URL(text)
  const isPlain = /^\/?$/.test(pathname) && search === '' && hash === ''
  return /^https?:$/.test(protocol) && isPlain && isEncoded(username) && isEncoded(password)
}

const isEncoded = (text: string): boolean => !/%(?![0-9a-f]{2})/i.test(text)

function readBundle(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UserError(`AWS_CA_BUNDLE names ${file}, which can't be read`, { cause })
  }
}
