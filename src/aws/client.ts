import { agentsOf } from '../program/agents.ts'
import type { RoleRequest } from './role.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

type Environment = Readonly<{ [name: string]: string | undefined }>

type Service = 'STS' | 'ECR' | 'ECR_PUBLIC'

interface Options {
  readonly credentials?: Credentials | undefined
  /** the call carries no signature: a web identity is its own proof */
  readonly unsigned?: boolean
  /** asks for such an endpoint, where the environment says nothing about it */
  readonly fips?: boolean | undefined
  readonly dualStack?: boolean | undefined
}

/**
 * Options of every client of the SDK here: our own retry alone (`maxAttempts: 1`), our proxies and CA, short time-outs.
 * Endpoints (FIPS, dual-stack, China, GovCloud, sovereign; `AWS_ENDPOINT_URL_*`) are found by the SDK's own rules.
 */
export async function clientOptions(
  { service, region }: { readonly service: Service; readonly region: string },
  env: Environment,
  { credentials, unsigned = false, fips = false, dualStack = false }: Options = {},
) {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler')
  const { http, https } = agentsOf(env)
  // An address that the user gives is meant as it is, and the SDK takes none of these with it.
  const given = Boolean(env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL)
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
    ...(fips && !given && !env.AWS_USE_FIPS_ENDPOINT ? { useFipsEndpoint: true } : {}),
    ...(dualStack && !given && !env.AWS_USE_DUALSTACK_ENDPOINT ? { useDualstackEndpoint: true } : {}),
    ...(credentials === undefined ? {} : { credentials }),
    ...(unsigned ? { credentials: { accessKeyId: '', secretAccessKey: '' } } : {}),
  }
}

/** Options of a client of STS. */
export const stsOptions = (
  { region, fips, dualStack }: Pick<RoleRequest, 'region' | 'fips' | 'dualStack'>,
  env: Environment,
  options: Pick<Options, 'unsigned' | 'credentials'> = {},
) => clientOptions({ service: 'STS', region }, env, { ...options, fips, dualStack })
