/** What an export to GitHub's cache is going to make. */
export interface Load {
  readonly mode: 'min' | 'max'
  /** steps of all stages that the build went through */
  readonly steps: number
  /** exports of this run: GitHub counts them together */
  readonly exports: number
}

export interface Share {
  readonly mode: 'min' | 'max'
  /** why it is not what was asked for */
  readonly why?: string
}

/** Entries of one run: half of what a repository may upload in a minute (200), so that a run beside it may as well. */
const budget = 100
/** Layers of base images, and the index. */
const besides = 8

/**
 * Pure: the mode of an export. Each layer is an entry; beyond a run's share the layers of the last stage have to do,
 * and more than those are throttled by GitHub, for everybody in the repository.
 */
export function planShare({ mode, steps, exports }: Load): Share {
  const share = Math.floor(budget / Math.max(1, exports))
  if (mode === 'min' || steps + besides <= share) return { mode }
  const each = exports === 1 ? 'one run' : `each of ${exports} exports of one run`
  const why = `about ${steps + besides} entries are more than the ${share} of ${each}: only the layers of the image itself are written (mode=min)`
  return { mode: 'min', why }
}
