import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Setup } from '../../../script/parts/part.ts'
import { bridgeHub, HUB } from './hub.ts'

export const DATABASE_REPOSITORY = 'aquasecurity/trivy-db'

export const trivyCache = ({ tools }: Pick<Setup, 'tools'>): string => join(tools, 'trivy-cache')

/**
 * What programs need to find the stand-ins under the real names. buildx gives `buildkitd.default.toml` from its
 * configuration folder to every builder that it creates; Trivy keeps the small database apart from a real one.
 */
export async function standInEnvironment(setup: Setup): Promise<Readonly<Record<string, string>>> {
  const buildx = join(setup.tools, 'buildx')
  await mkdir(buildx, { recursive: true })
  await writeFile(join(buildx, 'buildkitd.default.toml'), buildkitSettings([HUB, await bridgeHub(setup)]))
  return {
    BUILDX_CONFIG: buildx,
    // Under the hub's own address: buildx checks the signature of what has Docker Hub's name.
    PCE_BUILDKIT_IMAGE: `${HUB}/moby/buildkit:buildx-stable-1`,
    TRIVY_DB_REPOSITORY: `${HUB}/${DATABASE_REPOSITORY}:2`,
    TRIVY_CACHE_DIR: trivyCache(setup),
  }
}

/** A builder on the host's network reaches the first mirror, one in a container's network the second. */
function buildkitSettings(addresses: readonly (string | undefined)[]): string {
  const mirrors = addresses.filter(address => address !== undefined)
  const plain = mirrors.map(mirror => `[registry."${mirror}"]\n  http = true\n`)
  return [`[registry."docker.io"]\n  mirrors = ${JSON.stringify(mirrors)}\n`, ...plain].join('\n')
}
