/** Annotations by level, as docker buildx names them: `{ manifest: { 'org.opencontainers.image.title': 'web' } }`. */
export type Annotations = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * Pure: flags of `docker buildx build` for the manifest of one platform. What is about an index is not for a build that
 * makes none: BuildKit refuses it (moby/buildkit, docs/annotations.md).
 */
export const annotationArgv = (annotations: Annotations, platform: string): readonly string[] =>
  ['manifest', `manifest[${platform}]`].flatMap(level =>
    Object.entries(annotations[level] ?? {}).flatMap(([key, value]) => ['--annotation', `manifest:${key}=${value}`]),
  )
