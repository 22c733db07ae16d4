import { machineKeys } from '../aws/machine-keys.ts'
import { agentsOf } from '../program/agents.ts'
import { attributesOf } from '../schema/csv.ts'
import type { Scope } from '../task/scope.ts'
import type { AzureKeys } from './azure-sign.ts'
import { type AzurePlace, azureStore, s3Store } from './object-store.ts'
import { openS3Relay } from './relay-s3.ts'
import { s3PlaceOf } from './s3-place.ts'
import type { Tally } from './tally.ts'

/** How one solve comes to its caches of type s3 and azblob. */
export interface StoreWay {
  /** what buildx needs in its environment */
  readonly env: Readonly<Record<string, string | undefined>>
  /** a value of `--cache-from` or `--cache-to` as buildx is given it */
  through(item: string): string
  /** why those of type s3 are of no use, where they are */
  readonly why?: string
}

interface Around {
  /** whether the builder reaches this machine's loopback */
  readonly reaches: boolean
  readonly tally: Tally
  readonly scope: Scope
}

export const isS3 = (item: string): boolean => attributesOf(item)?.type === 's3'

/**
 * By the relay where the builder is on this machine; elsewhere buildx gets the credentials of this one for s3, and for
 * azblob the builder signs in by itself.
 */
export async function storeWayOf(items: readonly string[], { reaches, tally, scope }: Around): Promise<StoreWay> {
  const same = { env: {}, through: (item: string): string => item }
  const places = items.filter(isS3).map(s3PlaceOf)
  const [first] = places
  if (places.length > 0 && (!reaches || first === undefined || places.includes(undefined)))
    return { ...same, env: awsOf(scope) }
  const azure = azureKeysOf(scope)
  const blobs = reaches && azure !== undefined ? items.filter(item => azurePlaceOf(item) !== undefined) : []
  if (places.length === 0 && blobs.length === 0) return same
  const keys = first && (await keysOf(scope, first.region))
  if (typeof keys === 'string') return { ...same, why: keys }
  const { env, endpointOf } = (await relayOf(scope)).enter(tally)
  return {
    env,
    through(item) {
      const [place, blob] = [s3PlaceOf(item), azurePlaceOf(item)]
      // Of an attribute that is there twice buildx takes the last one.
      if (place !== undefined && keys !== undefined) return `${item},${addressOf(endpointOf(s3Store(place, keys)))}`
      if (blob === undefined || !blobs.includes(item) || azure === undefined) return item
      return `${blob.asS3},${addressOf(endpointOf(azureStore(blob, azure)))}`
    },
  }
}

const addressOf = (endpoint: string): string => `endpoint_url=${endpoint},use_path_style=true`

function azureKeysOf({
  rights: { AZURE_STORAGE_KEY: key, AZURE_STORAGE_SAS_TOKEN: sas },
}: Scope): AzureKeys | undefined {
  if (key) return { key }
  return sas ? { sas: sas.replace(/^\?/, '') } : undefined
}

/** A cache of type azblob, and the same as one of type s3: BuildKit gives the objects of both the same names. */
function azurePlaceOf(item: string): (AzurePlace & { readonly asS3: string }) | undefined {
  const { type, account_url: account, container, prefix, name = 'buildkit', mode } = attributesOf(item) ?? {}
  if (type !== 'azblob' || account === undefined || !container || !URL.canParse(account)) return undefined
  const folder = prefix?.replace(/\/+$/, '')
  const asS3 = [
    `type=s3,bucket=${container},region=azure,name=${name}`,
    ...(folder ? [`prefix=${folder}/`] : []),
    ...(mode === undefined ? [] : [`mode=${mode}`]),
  ]
  return { account: account.replace(/\/+$/, ''), container, asS3: asS3.join(',') }
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
const awsOf = ({ rights }: Scope): StoreWay['env'] =>
  Object.fromEntries(
    Object.entries(rights).filter(([name]) =>
      /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|(DEFAULT_)?REGION|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+)$/.test(
        name,
      ),
    ),
  )
