/** One instruction of a Dockerfile, with its lines joined and without the text of its heredocs. */
export interface Instruction {
  /** in lower case: `run` */
  readonly name: string
  /** `--mount=type=cache,target=/x`: without quotes, variables as they are written */
  readonly flags: readonly string[]
  readonly rest: string
}

/** Instructions that may have heredocs (moby/buildkit frontend/dockerfile/parser, heredocDirectives). */
const withHeredocs = /^(run|copy|add|onbuild)$/

/**
 * The instructions of a Dockerfile, as BuildKit's parser joins and splits them: escape directive, comments and empty
 * lines inside a continued line, heredocs. What BuildKit would refuse is not refused here: it says so itself.
 */
export function parseInstructions(text: string): readonly Instruction[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const escapeWith = escapeOf(lines)
  const instructions: Instruction[] = []
  for (let at = 0; at < lines.length; ) {
    const { line, next } = joinLines(lines, at, escapeWith)
    at = next
    const [, name = '', tail = ''] = /^\s*([A-Za-z]+)\s*(.*)$/s.exec(line) ?? []
    if (name === '') continue
    const instruction = { name: name.toLowerCase(), ...splitFlags(tail, escapeWith) }
    if (withHeredocs.test(instruction.name)) at = afterHeredocs(lines, at, instruction.rest)
    instructions.push(instruction)
  }
  return instructions
}

/** Parser directives are the comments before anything else (docs.docker.com, Dockerfile reference). */
function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const [, name = '', value = ''] = /^\s*#\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name === '') break
    if (name.toLowerCase() === 'escape') return value === '`' ? '`' : '\\'
  }
  return '\\'
}

const isEmpty = (line: string): boolean => /^\s*(#.*)?$/.test(line)

function joinLines(lines: readonly string[], from: number, escapeWith: string): { line: string; next: number } {
  const continued = escapeWith === '`' ? /(^|[^`])`[ \t]*$/ : /(^|[^\\])\\[ \t]*$/
  let line = ''
  let at = from
  while (at < lines.length) {
    const raw = lines[at++] ?? ''
    if (isEmpty(raw)) {
      if (line === '') return { line, next: at }
      continue
    }
    line += raw.replace(continued, '$1')
    if (!continued.test(raw)) break
  }
  return { line, next: at }
}

/** moby/buildkit frontend/dockerfile/parser/split_command.go, extractBuilderFlags: quotes go, an escape keeps one. */
function splitFlags(text: string, escapeWith: string): Pick<Instruction, 'flags' | 'rest'> {
  const flags: string[] = []
  let rest = text.trimStart()
  while (rest.startsWith('--')) {
    const { word, after } = takeWord(rest, escapeWith)
    rest = after.trimStart()
    if (word === '--') break
    flags.push(word)
  }
  return { flags, rest }
}

function takeWord(text: string, escapeWith: string): { word: string; after: string } {
  let word = ''
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (quote === '' && /\s/.test(char)) return { word, after: text.slice(at) }
    if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (char === quote) quote = ''
    else word += char === escapeWith ? text.charAt(++at) : char
  }
  return { word, after: '' }
}

/** The line after the text of the heredocs that an instruction opens. A redirection inside quotes opens none. */
function afterHeredocs(lines: readonly string[], from: number, rest: string): number {
  let at = from
  for (const [, chomp, quoted, bare] of rest
    .replaceAll(/(?<!<<-?)(["'])(?:\\.|(?!\1).)*\1/g, '')
    .matchAll(/(?<=^|\s)\d*<<(?!<)(-?)(?:["']([^"'\s]+)["']|([^\s<"']+))(?=\s|$)/g)) {
    const end = quoted ?? bare
    const isEnd = (line: string): boolean => (chomp === '-' ? line.replace(/^\t+/, '') : line) === end
    while (at < lines.length && !isEnd(lines[at] ?? '')) at++
    at++
  }
  return at
}
