import { attributesOf } from './list.ts'
import type { Misread } from './rule.ts'

/** Where an image lies: `{ registry: 'ghcr.io', repository: 'acme/web' }`. */
export interface Name {
  readonly registry: string
  readonly repository: string
}

// OCI distribution-spec, "Pulling manifests".
const repositoryPattern = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/
const hostPattern = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i

const hub = 'docker.io'

/** Pure: the host that a name begins with, by Docker's rule: it has a dot or a port, or is localhost. */
export function splitHost(name: string): { readonly host: string | undefined; readonly path: string } {
  const [, first = '', rest] = /^([^/]+)\/(.+)$/.exec(name) ?? []
  const isHost = rest !== undefined && (/[.:]/.test(first) || first === 'localhost')
  return isHost ? { host: first, path: rest } : { host: undefined, path: name }
}

/** Pure: an image by its full name. Without a host it is on Docker Hub, as it is to docker; in lower case, as a must. */
export function parseName(text: string): Name | Misread {
  const { host, path } = splitHost(text.trim())
  const named = host?.toLowerCase()
  const registry = named === 'index.docker.io' ? hub : (named ?? hub)
  const lower = path.toLowerCase()
  const repository = registry === hub && !lower.includes('/') ? `library/${lower}` : lower
  if (hostPattern.test(registry) && repositoryPattern.test(repository)) return { registry, repository }
  return { fault: 'the name of an image such as ghcr.io/acme/web, without tag and digest' }
}

/** Pure: a name as people write it: Docker Hub is left out, and `library` with it. */
export const renderName = ({ registry, repository }: Name): string =>
  registry === hub ? repository.replace(/^library\//, '') : `${registry}/${repository}`

/** Pure: an entry of `images`: a name, or `name=ghcr.io/acme/web,enable=true`. Undefined where it is switched off. */
export function parseImage(text: string): Name | undefined | Misread {
  const attributes = new Map(attributesOf(text, 'name'))
  if ([...attributes.keys()].some(key => key !== 'name' && key !== 'enable'))
    return { fault: 'name=… and enable=… and nothing else' }
  const enable = attributes.get('enable') ?? 'true'
  if (enable !== 'true' && enable !== 'false') return { fault: `enable=true or enable=false` }
  const name = parseName(attributes.get('name') ?? '')
  return 'fault' in name || enable === 'true' ? name : undefined
}
