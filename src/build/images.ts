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

/** qemu-v10.2.3: registers QEMU with the kernel. No other than the pinned one, since it runs with all rights. */
export const binfmtImages: readonly string[] = pinned(
  'tonistiigi/binfmt',
  '400a4873b838d1b89194d982c45e5fb3cda4593fbfd7e08a02e76b03b21166f0',
)
