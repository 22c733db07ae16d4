/** One `FROM` of a Dockerfile. */
export interface Stage {
  /** what `--target` takes: the name after AS in lower case, or the number of the stage */
  readonly name: string
  /** what it is FROM: an image or an earlier stage */
  readonly base: string
  /** the first TCP port that it EXPOSEs itself */
  readonly port: number | undefined
}

const instruction = /^\s*(FROM|EXPOSE|ARG|ENV)\s+(.*)$/i

/**
 * The stages of a Dockerfile, for a guess at what they are for: a look at its lines, no parser. Text in heredocs is
 * taken for instructions, and variables are known only where ARG or ENV gives them a plain value.
 */
export function findStages(text: string): readonly Stage[] {
  const variables = new Map<string, string>()
  const stages: Stage[] = []
  for (const [, name = '', rest = ''] of linesOf(text, instruction)) {
    const words = expandIn(rest, variables).split(/\s+/)
    const last = stages.at(-1)
    if (/^from$/i.test(name)) stages.push(stageOf(words, stages.length))
    else if (!/^expose$/i.test(name)) remember(rest, variables)
    else if (last !== undefined) stages.splice(-1, 1, { ...last, port: last.port ?? portOf(words) })
  }
  return stages
}

/** The lines of a Dockerfile that hold an instruction: its name, then the rest. Lines that are continued are one. */
export function linesOf(text: string, pattern: RegExp): RegExpExecArray[] {
  const joined = text.replace(/\\[ \t]*\r?\n/g, ' ')
  return joined
    .split(/\r?\n/)
    .map(line => pattern.exec(line))
    .filter(match => match !== null)
}

/** The stage that the words after FROM begin; `index` is its number. */
export function stageOf(words: readonly string[], index: number): Stage {
  const [base = '', as = '', name] = words.filter(word => !word.startsWith('--'))
  return { name: /^as$/i.test(as) && name !== undefined ? name.toLowerCase() : String(index), base, port: undefined }
}

/** Takes in what ARG or ENV gives a plain value. */
export function remember(rest: string, variables: Map<string, string>): void {
  for (const [, name = '', value = ''] of rest.matchAll(/([A-Za-z_]\w*)=("[^"]*"|\S*)/g)) {
    variables.set(name, expandIn(value.replaceAll('"', ''), variables))
  }
}

export const expandIn = (text: string, variables: ReadonlyMap<string, string>): string =>
  text.replace(
    /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g,
    (whole, braced, fallback, bare) => variables.get(braced ?? bare) ?? fallback ?? whole,
  )

function portOf(words: readonly string[]): number | undefined {
  const [port] = words.flatMap(word => /^(\d{1,5})(\/tcp)?$/i.exec(word)?.[1] ?? []).map(Number)
  return port !== undefined && port > 0 && port < 65_536 ? port : undefined
}

/** The port of a stage, its own or that of the stage it is FROM. */
export function findPort(stages: readonly Stage[], { port, base, name }: Stage): number | undefined {
  if (port !== undefined) return port
  const index = stages.findIndex(stage => stage.name === name)
  const earlier = stages.slice(0, index)
  const parent = earlier.findLast(stage => stage.name === base.toLowerCase())
  return parent === undefined ? undefined : findPort(earlier, parent)
}
