/** A text as it is written in a test, without the indentation that it has there. */
export function text({ raw }: TemplateStringsArray): string {
  const lines = (raw[0] ?? '').replace(/^\n/, '').trimEnd().split('\n')
  const indent = Math.min(...lines.filter(line => line.trim() !== '').map(line => line.search(/\S/)))
  return lines.map(line => line.slice(indent).replaceAll('\\`', '`')).join('\n')
}
