/**
 * Images that a builder is made of, by digest: the bytes are the same wherever they come from, so Google's mirror of
 * Docker Hub serves as well where Docker Hub does not answer or limits requests. Without a tag, since buildx would else
 * check a signature over the network.
 */
const pinned = (repository: string, digest: string): readonly string[] =>
  ['', 'mirror.gcr.io/'].map(host => `${host}${repository}@sha256:${digest}`)

/** buildx-stable-1 as it was at v0.33.1; last, as it is now: a builder of another version rather than none. */
export const buildkitImages: readonly string[] = [
  ...pinned('moby/buildkit', 'cec9f139f45e93c5c69c60f8b07cfad9f43f4ef6b6a6cd917527fea5ff2e3dea'),
  'moby/buildkit:buildx-stable-1',
]

/**
 * Pure: images of BuildKit that the user gave, each at the digest of the lock, if that was written with one of them by
 * that tag: another tag is another wish. What has a digest of its own keeps it.
 */
export const lockedImages = (images: readonly string[], locked: string | undefined): readonly string[] =>
  locked !== undefined && images.some(image => familiar(image) === familiar(nameOf(locked)))
    ? images.map(image => (image.includes('@') ? image : `${image}@${nameAndDigest(locked)[1]}`))
    : images

/** Pure: `mirror.gcr.io/moby/buildkit@sha256:…`: another repository, with the digest of the lock. */
export const withDigestOf = (locked: string, image: string): string =>
  `${nameOf(image).replace(/:[^/:]+$/, '')}@${nameAndDigest(locked)[1]}`

const nameAndDigest = (image: string): readonly string[] => image.split('@', 2)
const nameOf = (image: string): string => nameAndDigest(image)[0] ?? image

/** As people write it: without Docker Hub's host, and `:latest`. */
const familiar = (image: string): string => image.replace(/^docker\.io\//, '').replace(/:latest$/, '')

/** qemu-v10.2.3: registers QEMU with the kernel. No other than the pinned one, since it runs with all rights. */
export const binfmtImages: readonly string[] = pinned(
  'tonistiigi/binfmt',
  '400a4873b838d1b89194d982c45e5fb3cda4593fbfd7e08a02e76b03b21166f0',
)
