import { attributesOf } from '../schema/csv.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** ms that the host of a cache has for any answer */
const patience = 10_000

/**
 * The caches whose host answers at all, and a notice for each host that does not. BuildKit waits for one that is silent
 * without end, and the whole builder with it; one that refuses it passes over. What gha reads goes over the relay.
 */
export async function onlyAnswering(
  from: readonly string[],
  { env, limit = patience }: { readonly env: Environment; readonly limit?: number },
): Promise<{ readonly from: readonly string[]; readonly notices: readonly string[] }> {
  // Behind a proxy BuildKit's way may be another than ours.
  if (Object.keys(env).some(name => /^https?_proxy$/i.test(name) && env[name])) return { from, notices: [] }
  const hosts = [...new Set(from.flatMap(item => hostOf(item) ?? []))]
  const silent = new Set(
    (await Promise.all(hosts.map(host => isSilent(host, limit)))).flatMap((is, at) => (is ? hosts[at] : [])),
  )
  return {
    from: from.filter(item => !silent.has(hostOf(item))),
    notices: [...silent].map(host => `nothing was read from ${host}: it did not answer within ${limit / 1000} s`),
  }
}

/** The address of a cache's service: `https://ghcr.io`. */
function hostOf(item: string): string | undefined {
  const { type, ref = '', bucket, region, endpoint_url: endpoint, account_url: account } = attributesOf(item) ?? {}
  if (type === 's3') return endpoint ?? `https://${bucket}.s3.${region}.amazonaws.com`
  if (type === 'azblob') return account
  if (type !== undefined && type !== 'registry') return undefined
  const [host = ''] = (type === undefined ? item : ref).split('/', 1)
  // A name without a host is of Docker Hub, as are base images: what is silent there ends the build by another way.
  if (!/[.:]/.test(host)) return undefined
  return `${/^(127\.|localhost|\[::1\])/.test(host) ? 'http' : 'https'}://${host}`
}

async function isSilent(host: string, limit: number): Promise<boolean> {
  try {
    await fetch(new URL('/v2/', host), { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(limit) })
    return false
  } catch (error) {
    return (error as Error).name === 'TimeoutError'
  }
}
