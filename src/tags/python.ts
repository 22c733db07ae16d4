type Library = typeof import('@renovate/pep440')

let library: Library | undefined

/**
 * Loads what reads versions of Python, where one of these rules asks for it: half of all that a tag needs, and few do.
 * To be called before such a rule is used.
 */
export async function loadFor(rules: readonly string[]): Promise<void> {
  if (library === undefined && rules.some(rule => /type=pep440/i.test(rule))) library = await import('@renovate/pep440')
}

/** A version by PEP 440. */
export interface PythonVersion {
  /** as PEP 440 writes it */
  readonly version: string
  readonly epoch: number
  readonly release: readonly number[]
  /** a development, pre- or post-release */
  readonly provisional: boolean
}

/** Pure: reads a version; undefined for what is none. */
export function parsePython(text: string): PythonVersion | undefined {
  if (library === undefined) throw new Error('loadFor was not called for type=pep440')
  const version = library.valid(text) === null ? null : library.explain(text)
  if (version === null) return undefined
  const { epoch, release, is_prerelease: pre, is_devrelease: dev, is_postrelease: post } = version
  return { version: library.clean(text) ?? text, epoch, release, provisional: pre || dev || post }
}
