/** One request to a registry, read from its method and path. */
export interface Route {
  readonly kind: 'base' | 'catalog' | 'tags' | 'manifest' | 'blob' | 'upload' | 'referrers' | 'elsewhere'
  /** Empty for `base`, `catalog` and `elsewhere`. */
  readonly repository: string
  /** The tag, digest or upload id; empty where there is none. */
  readonly reference: string
}

/** Name and reference grammar: OCI distribution specification 1.1, "Endpoints" and "Pulling manifests". */
const name = '(?<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)'
const shapes: readonly (readonly [Route['kind'], RegExp])[] = [
  ['base', /^\/v2\/?$/],
  ['catalog', /^\/v2\/_catalog$/],
  ['tags', new RegExp(`^/v2/${name}/tags/list$`)],
  ['manifest', new RegExp(`^/v2/${name}/manifests/(?<reference>[A-Za-z0-9_][A-Za-z0-9._:+-]*)$`)],
  ['upload', new RegExp(`^/v2/${name}/blobs/uploads/(?<reference>[^/]*)$`)],
  ['blob', new RegExp(`^/v2/${name}/blobs/(?<reference>[a-z0-9]+:[0-9a-f]+)$`)],
  ['referrers', new RegExp(`^/v2/${name}/referrers/(?<reference>[a-z0-9]+:[0-9a-f]+)$`)],
]

/** Reads a request target such as `/v2/acme/web/manifests/v1`; its query plays no part. */
export function parseRoute(target: string): Route {
  const { pathname } = new URL(target, 'http://registry')
  for (const [kind, shape] of shapes) {
    const match = shape.exec(pathname)
    if (match) return { kind, repository: match.groups?.repository ?? '', reference: match.groups?.reference ?? '' }
  }
  return { kind: 'elsewhere', repository: '', reference: '' }
}

/** Digests hold a colon (`sha256:…`), tags never do. */
export const isTag = (reference: string): boolean => !reference.includes(':')
