import { oneLine, plain } from './text.ts'

/** Text inside HTML. */
const html = (text: string): string =>
  plain(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/**
 * Text as one line of GitHub's Markdown that reads as it is: no markup, link, table cell or formula comes of it
 * (GitHub Flavored Markdown spec, "Backslash escapes"; docs.github.com, "Writing mathematical expressions" for `$`).
 */
export const text = (raw: string): string =>
  html(oneLine(raw))
    .replaceAll(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll('://', '&#58;//')
    .replaceAll(/(www)\./gi, '$1&#46;')
    .replaceAll('$', '<span>$</span>')

/** As `text`, in the face of code. */
export const code = (raw: string): string => (raw === '' ? '' : `<code>${text(raw)}</code>`)

/** A link where the address is a plain `https` one, else the text alone. Takes and gives Markdown. */
export const link = (markdown: string, address: string | undefined): string =>
  address !== undefined && /^https:\/\/[\w.~:/?#@!&+,;=%-]+$/.test(address) ? `[${markdown}](${address})` : markdown

/** Lines as they are. A `<pre>` block ends at its end tag alone, whatever is in it (CommonMark, "HTML blocks", 1). */
export const pre = (raw: string): string => `<pre>${html(raw)}</pre>`

/** A part that is opened by a click; `title` is plain text, `body` Markdown. */
export const details = (title: string, body: string): string =>
  `<details><summary>${html(oneLine(title))}</summary>\n\n${body}\n\n</details>`

/** A table of cells that are Markdown already. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
