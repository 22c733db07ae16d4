/**
 * A repository name out of names that people gave: lower case, each part with single separators inside (OCI
 * distribution-spec, "Pulling manifests"). Undefined when nothing usable is left.
 */
export function imageNameOf(...names: readonly string[]): string | undefined {
  const parts = names.flatMap(name => name.split('/')).map(partOf)
  const kept = parts.filter(part => part !== '')
  return kept.length === 0 ? undefined : kept.join('/')
}

const partOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/[._-]{2,}/g, separators => (/^(__|-+)$/.test(separators) ? separators : '-'))
    .replace(/^[._-]+|[._-]+$/g, '')
