const separator = '\n\n'

/**
 * Joins blocks of Markdown as long as they fit, the first ones being worth most; a block that does not fit is left out,
 * and a last line says how many were. `budget` is in bytes of UTF-8.
 */
export function withinBudget(blocks: readonly string[], budget: number): string {
  const room = budget - Buffer.byteLength(noteOf(blocks.length))
  const kept: string[] = []
  let size = 0
  for (const block of blocks) {
    const more = Buffer.byteLength(block) + separator.length
    if (size + more > room) continue
    size += more
    kept.push(block)
  }
  const missing = blocks.length - kept.length
  return `${[...kept, ...(missing === 0 ? [] : [noteOf(missing)])].join(separator)}\n`
}

const noteOf = (missing: number): string =>
  `**${missing} more ${missing === 1 ? 'section' : 'sections'} did not fit into this summary;** the record of the run (<code>run.json</code>) holds all of it.`
