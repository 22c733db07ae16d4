import { agentsOf } from '../program/agents.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

type Environment = Readonly<{ [name: string]: string | undefined }>

interface Options {
  readonly credentials?: Credentials | undefined
  /** the call carries no signature: a web identity is its own proof */
  readonly unsigned?: boolean
  readonly fips?: boolean
  readonly dualStack?: boolean
}

/**
 * Options of every client of the SDK here: our own retry alone (`maxAttempts: 1`), our proxies and CA, short time-outs.
 * Endpoints (FIPS, dual-stack, China, GovCloud, sovereign; `AWS_ENDPOINT_URL_*`) are found by the SDK's own rules.
 */
export async function clientOptions(
  region: string,
  env: Environment,
  { credentials, unsigned = false, fips = false, dualStack = false }: Options = {},
) {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler')
  const { http, https } = agentsOf(env)
  const requestHandler = new NodeHttpHandler({
    httpAgent: http,
    httpsAgent: https,
    connectionTimeout: 5_000,
    requestTimeout: 15_000,
    throwOnRequestTimeout: true,
  })
  return {
    region,
    maxAttempts: 1,
    requestHandler,
    ...(fips ? { useFipsEndpoint: true } : {}),
    ...(dualStack ? { useDualstackEndpoint: true } : {}),
    ...(credentials === undefined ? {} : { credentials }),
    ...(unsigned ? { credentials: { accessKeyId: '', secretAccessKey: '' } } : {}),
  }
}
