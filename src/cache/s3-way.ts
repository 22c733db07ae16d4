import { machineKeys } from '../aws/machine-keys.ts'
import { agentsOf } from '../program/agents.ts'
import { attributesOf } from '../schema/csv.ts'
import type { Scope } from '../task/scope.ts'
import { openS3Relay } from './relay-s3.ts'
import { s3PlaceOf } from './s3-place.ts'
import type { Tally } from './tally.ts'

/** How one solve comes to its caches of type s3. */
export interface S3Way {
  /** what buildx needs in its environment */
  readonly env: Readonly<Record<string, string | undefined>>
  /** a value of `--cache-from` or `--cache-to` as buildx is given it */
  through(item: string): string
  /** why they are of no use, where they are */
  readonly why?: string
}

interface Around {
  /** whether the builder reaches this machine's loopback */
  readonly reaches: boolean
  readonly tally: Tally
  readonly scope: Scope
}

export const isS3 = (item: string): boolean => attributesOf(item)?.type === 's3'

/** By the relay where the builder is on this machine; elsewhere buildx gets the credentials of this one. */
export async function s3WayOf(items: readonly string[], { reaches, tally, scope }: Around): Promise<S3Way> {
  const way = { env: {}, through: (item: string): string => item }
  const places = items.filter(isS3).map(s3PlaceOf)
  const [first] = places
  if (places.length === 0) return way
  if (!reaches || first === undefined || places.includes(undefined)) return { ...way, env: awsOf(scope) }
  const keys = await keysOf(scope, first.region)
  if (typeof keys === 'string') return { ...way, why: keys }
  const { env, endpointOf } = (await relayOf(scope)).enter(tally)
  return {
    env,
    through(item) {
      const place = s3PlaceOf(item)
      // Of an attribute that is there twice buildx takes the last one.
      return place === undefined ? item : `${item},endpoint_url=${endpointOf(place, keys)},use_path_style=true`
    },
  }
}

/** One of each for a run: what was found out about the machine and the service serves every solve. */
const keys = new WeakMap<Scope['run'], ReturnType<typeof machineKeys>>()
const relays = new WeakMap<Scope['run'], ReturnType<typeof openS3Relay>>()

function keysOf({ run, rights }: Scope, region: string): ReturnType<typeof machineKeys> {
  const known = keys.get(run) ?? machineKeys(region, rights)
  keys.set(run, known)
  return known
}

function relayOf({ run, rights }: Scope): ReturnType<typeof openS3Relay> {
  const known = relays.get(run) ?? openS3Relay(agentsOf(rights))
  relays.set(run, known)
  return known
}

/** For s3 buildx itself resolves the credentials, in the SDK's order (docker/buildx, build/opt.go). */
const awsOf = ({ rights }: Scope): S3Way['env'] =>
  Object.fromEntries(
    Object.entries(rights).filter(([name]) =>
      /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|(DEFAULT_)?REGION|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+)$/.test(
        name,
      ),
    ),
  )
