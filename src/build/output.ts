import { projectOf } from '../run/run.ts'
import { csvOf } from './csv.ts'

/**
 * How an image comes from its builder to staging. `digest`: the builder pushes it there without a tag. `tag`: the
 * engine's own builder can't (docs.docker.com, "Image and registry exporters", push-by-digest), so it pushes a tag of
 * the run. `layout`: the builder can't reach staging, so an OCI layout comes back through its session.
 */
export type Stages = 'digest' | 'tag' | 'layout'

/** Where a builder is, as far as it matters for whether it reaches this machine's loopback. */
export interface Location {
  readonly driver: string
  /** each node's; undefined for the engine that docker talks to */
  readonly endpoints: readonly (string | undefined)[]
  /** each node's, where it is a container */
  readonly networks: readonly (string | undefined)[]
}

/**
 * Pure: staging listens on this machine's loopback only. A container of the local engine reaches it through the host's
 * network; a remote builder does when its address is a socket or the loopback. Of any other it is not assumed.
 */
export function stagesOf({ driver, endpoints, networks }: Location): Stages {
  if (driver === 'docker') return 'tag'
  const isNear =
    driver === 'docker-container'
      ? endpoints.every(endpoint => endpoint === undefined) && networks.every(network => network === 'host')
      : driver === 'remote' && endpoints.every(isLocal)
  return isNear ? 'digest' : 'layout'
}

const isLocal = (endpoint: string | undefined): boolean =>
  endpoint !== undefined && /^(unix:\/\/|npipe:\/\/|tcp:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:|$))/.test(endpoint)

/** Where one solve puts its image. */
export interface Stage {
  readonly stages: Stages
  /** `127.0.0.1:32768/acme/web` */
  readonly repository: string
  readonly tag: string
  /** folder for an OCI layout: one for each solve */
  readonly layout: string
}

/** Pure: the `--output` that brings an image to staging. No tag exists outside of staging before the gate. */
export const stagingOutput = ({ stages, repository, tag, layout }: Stage): string =>
  ({
    digest: `type=image,name=${repository},push=true,push-by-digest=true,name-canonical=true,oci-mediatypes=true`,
    tag: `type=image,name=${repository}:${tag},push=true,oci-mediatypes=true`,
    layout: csvOf(['type=oci', `dest=${layout}`, 'tar=false', 'oci-mediatypes=true']),
  })[stages]

/**
 * Pure: the name of the files of one solve, which no other has: neither the key of an image nor a platform has a `_`, so
 * `web` with the target `api-prod` is not `web-api` with `prod`.
 */
export const solveName = (name: string, target: string, platform: string): string =>
  [name, target.replaceAll('/', '-'), platform.replaceAll('/', '-')].join('__')

/**
 * Pure: the tag of one solve in staging. Each has its own: a tag that moves would take from the engine the image that it
 * named before. At most 128 characters of its alphabet (OCI distribution-spec, "Pulling manifests").
 */
export const stagingTag = (run: { readonly id: string }, parts: readonly string[]): string =>
  [projectOf(run.id), ...parts.map(part => part.replaceAll(/[^A-Za-z0-9_.-]+/g, '-'))].join('-').slice(0, 128)
