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
 * @throws UserError when that file can't be read.
 */
export function agentsOf(env: Environment): Agents {
  const proxyEnv = Object.fromEntries(Object.entries(env).filter(([name]) => /^(https?|no)_proxy$/i.test(name)))
  const ca = env.AWS_CA_BUNDLE ? [...getCACertificates('default'), readBundle(env.AWS_CA_BUNDLE)] : undefined
  return {
    http: new HttpAgent({ proxyEnv }),
    https: new HttpsAgent({ proxyEnv, ...(ca === undefined ? {} : { ca }) }),
  }
}

function readBundle(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UserError(`AWS_CA_BUNDLE names ${file}, which can't be read`, { cause })
  }
}
