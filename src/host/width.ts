import stringWidth from 'string-width'

const characters = new Intl.Segmenter()

/** Text cut to `width` columns of a terminal; what was cut is shown by `…`. */
export function fitTo(text: string, width: number): string {
  // No character is longer than this for each column that it takes, as a rule; a line may be a megabyte long.
  const head = text.slice(0, width * 8)
  if (head.length === text.length && stringWidth(head) <= width) return text
  let kept = ''
  let used = 0
  for (const { segment } of characters.segment(head)) {
    used += stringWidth(segment)
    if (used > width - 1) break
    kept += segment
  }
  return width < 1 ? '' : `${kept}…`
}
