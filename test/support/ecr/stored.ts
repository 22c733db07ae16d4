export interface StoredManifest {
  readonly digest: string
  readonly bytes: Buffer
  readonly mediaType: string
}

/** Every kind of manifest: Distribution hides a manifest whose kind the request does not accept. */
export const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

export async function hasManifest(backing: string, repository: string, reference: string): Promise<boolean> {
  const answer = await fetch(manifestUrl(backing, repository, reference), { method: 'HEAD', headers: { accept } })
  return answer.ok
}

/** Reads a manifest past the front: no log entry, no fault. Throws when there is none. */
export async function readManifest(backing: string, repository: string, reference: string): Promise<StoredManifest> {
  const answer = await fetch(manifestUrl(backing, repository, reference), { headers: { accept } })
  if (!answer.ok) throw new Error(`No manifest ${repository}:${reference} (status ${answer.status})`)
  return {
    digest: answer.headers.get('docker-content-digest') ?? '',
    bytes: Buffer.from(await answer.arrayBuffer()),
    mediaType: answer.headers.get('content-type') ?? '',
  }
}

/** The tags of a repository, sorted; none when nothing was pushed to it yet. */
export async function readTags(backing: string, repository: string): Promise<string[]> {
  const answer = await fetch(new URL(`/v2/${repository}/tags/list`, backing))
  if (answer.status === 404) return []
  const { tags } = (await answer.json()) as { tags: string[] | null }
  return (tags ?? []).sort()
}

const manifestUrl = (backing: string, repository: string, reference: string): URL =>
  new URL(`/v2/${repository}/manifests/${reference}`, backing)
