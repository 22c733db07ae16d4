import type { Ended } from './pce.ts'

/**
 * The closing message of a command, from its verdicts on, with what differs from run to run replaced: times by T, ids,
 * ports, digests and paths by their names. Verdicts are sorted by task: they end in any order.
 */
export function closingOf(
  { stderr, id }: Pick<Ended, 'stderr' | 'id'>,
  names: Readonly<Record<string, string>> = {},
): string {
  const closing = stderr.slice(Math.max(0, stderr.lastIndexOf('\nVerdicts\n') + 1))
  const blocks = closing
    .trim()
    .split(/\n\n(?=\S)/)
    .filter(block => !/^(Times|Builds)\n/.test(block))
  return steady(blocks.map(sorted).join('\n\n'), { ...names, ...(id === '' ? {} : { [id]: 'ID' }) })
}

/** Text with what differs from run to run replaced. */
export function steady(text: string, names: Readonly<Record<string, string>> = {}): string {
  const named = Object.entries(names).reduce((all, [value, name]) => all.replaceAll(value, name), text)
  return (
    named
      .replaceAll(/\S*\/state\/pce\/web-[0-9a-f]{8}/g, 'RUNS')
      .replaceAll(/sha256:[0-9a-f]{12,64}/g, 'sha256:DIGEST')
      .replaceAll(/\bsha-[0-9a-f]{7}/g, 'sha-COMMIT')
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replaceAll(/\b(\d+ m )?\d+(\.\d+)? (ms|s)\b/g, 'T')
      // A task that took no time at all tells none.
      .replaceAll(' (T)', '')
      // Frames differ from one Node to the next.
      .replaceAll(/^ +at .*\n/gm, '')
      .replaceAll(/ +$/gm, '')
  )
}

/** A block with its entries in order; a line that is further indented belongs to the entry above. */
function sorted(block: string): string {
  const [title = '', ...lines] = block.split('\n')
  if (title !== 'Verdicts') return block
  const entries = lines.join('\n').split(/\n(?= {2}\S)/)
  return [title, ...entries.sort()].join('\n')
}
