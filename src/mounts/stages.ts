import { type Expanded, expand } from './expand.ts'
import { type Instruction, parseInstructions } from './instructions.ts'

type Values = Readonly<Record<string, string>>

/** Own values alone: a variable may be called `constructor`. */
const valueIn = (values: Values, name: string): string | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined

/** What a solve is asked, as far as a Dockerfile's text depends on it. */
export interface Solve {
  /** stage that is built; the last one when undefined */
  readonly target: string | undefined
  readonly buildArgs: Values
  /** `linux/arm64` */
  readonly platform: string
  /** platform of the builder */
  readonly buildPlatform: string
}

/** A RUN with what is known of its variables there. */
export interface Step {
  readonly flags: readonly string[]
  expand(text: string): Expanded
}

/** A stage that the target needs. */
export interface Stage {
  /** the image that it stands on in the end, when its name is known and it is one */
  readonly image: string | undefined
  readonly steps: readonly Step[]
}

interface Written {
  readonly name: string
  /** what follows FROM, variables as they are written */
  readonly base: string
  readonly instructions: readonly Instruction[]
}

/** The stages of a Dockerfile that a solve needs, in the order of the file. */
export function findStages(text: string, solve: Solve): readonly Stage[] {
  const { globals, written } = split(parseInstructions(text), solve)
  const target = indexOf(written, solve.target ?? String(written.length - 1), written.length)
  const needed = closureOf(written, target ?? -1, globals)
  const known: Known[] = []
  for (const [index, stage] of written.entries()) known.push(walk(stage, known, { written, index, globals, solve }))
  return [...needed].sort((a, b) => a - b).flatMap(index => known[index] ?? [])
}

interface Known extends Stage {
  readonly args: Values
  readonly env: Values
}

interface Around {
  readonly written: readonly Written[]
  readonly index: number
  readonly globals: Values
  readonly solve: Solve
}

/** Platform arguments in the global scope (docs.docker.com, Dockerfile reference). */
function platformArgs({ platform, buildPlatform, target }: Solve): Values {
  const parts = (prefix: string, value: string): Values => {
    const [os = '', arch = '', variant = ''] = value.split('/')
    return { [`${prefix}PLATFORM`]: value, [`${prefix}OS`]: os, [`${prefix}ARCH`]: arch, [`${prefix}VARIANT`]: variant }
  }
  return {
    ...parts('BUILD', buildPlatform),
    ...parts('TARGET', platform),
    ...(target === undefined ? {} : { TARGETSTAGE: target }),
  }
}

function split(instructions: readonly Instruction[], solve: Solve): { globals: Values; written: readonly Written[] } {
  const first = instructions.findIndex(({ name }) => name === 'from')
  if (first === -1) return { globals: {}, written: [] }
  let globals = platformArgs(solve)
  for (const { name, rest } of instructions.slice(0, first))
    if (name === 'arg') globals = declare(rest, globals, { solve, globals, lookup: key => valueIn(globals, key) ?? '' })
  const written: Written[] = []
  for (const instruction of instructions.slice(first)) {
    const { name, rest } = instruction
    if (name === 'from') written.push(writtenOf(rest, written.length))
    else
      written.splice(
        -1,
        1,
        ...written.slice(-1).map(stage => ({ ...stage, instructions: [...stage.instructions, instruction] })),
      )
  }
  return { globals, written }
}

function writtenOf(rest: string, index: number): Written {
  const [base = '', as = '', name] = rest.trim().split(/\s+/)
  const isNamed = /^as$/i.test(as) && name !== undefined
  return { name: isNamed ? name.toLowerCase() : String(index), base, instructions: [] }
}

/** The last stage before `before` with that name or number. */
function indexOf(written: readonly Written[], name: string, before: number): number | undefined {
  const found = written.slice(0, before).findLastIndex(stage => stage.name === name.toLowerCase())
  if (found !== -1) return found
  return /^\d+$/.test(name) && Number(name) < before ? Number(name) : undefined
}

/** What a stage needs, itself first: its base, what it copies from, what it mounts. */
function closureOf(written: readonly Written[], target: number, globals: Values): ReadonlySet<number> {
  const found = new Set<number>()
  const add = (index: number): void => {
    const stage = written[index]
    if (stage === undefined || found.has(index)) return
    found.add(index)
    const names = [expand(stage.base, name => valueIn(globals, name)).value, ...stage.instructions.flatMap(sourcesOf)]
    for (const name of names) add(indexOf(written, name, index) ?? -1)
  }
  add(target)
  return found
}

/** BuildKit takes no variables in `--from` and in a mount's `from`. */
const sourcesOf = ({ flags }: Instruction): readonly string[] =>
  flags.flatMap(flag => {
    const [, from] = /^--from=(.*)$/.exec(flag) ?? []
    const [, mounted] = /^--mount=(?:.*,)?from=([^,]*)/i.exec(flag) ?? []
    return from ?? mounted ?? []
  })

/** Goes through a stage from its base's end: each RUN sees what ARG and ENV before it say. */
function walk(
  { base, instructions }: Written,
  known: readonly Known[],
  { written, index, globals, solve }: Around,
): Known {
  const { value: name, missing } = expand(base, key => valueIn(globals, key))
  const parent = known[indexOf(written, name, index) ?? -1]
  let args: Values = parent?.args ?? {}
  let env: Values = parent?.env ?? {}
  const steps: Step[] = []
  for (const { name: kind, flags, rest } of instructions) {
    const [scopeArgs, scopeEnv] = [args, env]
    const lookup = (key: string): string | undefined => valueIn(scopeEnv, key) ?? valueIn(scopeArgs, key)
    if (kind === 'arg') args = declare(rest, args, { solve, globals, lookup })
    else if (kind === 'env') env = { ...env, ...assignments(rest, lookup) }
    else if (kind === 'run') steps.push({ flags, expand: text => expand(text, lookup) })
  }
  const image = missing.length > 0 || name === 'scratch' ? undefined : name
  return { image: parent === undefined ? image : parent.image, steps, args, env }
}

interface Declaration {
  readonly solve: Solve
  readonly globals: Values
  lookup(name: string): string | undefined
}

/** ARG: the build argument, else the default, else the global of that name. */
function declare(rest: string, before: Values, { solve: { buildArgs }, globals, lookup }: Declaration): Values {
  const declared = wordsOf(rest).flatMap((word): [string, string][] => {
    const [name = '', ...tail] = word.split('=')
    const fallback = word.includes('=') ? known(expand(tail.join('='), lookup)) : valueIn(globals, name)
    const value = valueIn(buildArgs, name) ?? fallback
    return value === undefined ? [] : [[name, value]]
  })
  return { ...before, ...Object.fromEntries(declared) }
}

/** ENV: `A=b C="d e"`, or the old `A b c`. A value that depends on something unknown is unknown. */
function assignments(rest: string, lookup: (name: string) => string | undefined): Values {
  const words = wordsOf(rest)
  const [first = ''] = words
  const pairs = first.includes('=')
    ? words.map((word): [string, string] => [word.split('=', 1)[0] ?? '', word.slice(word.indexOf('=') + 1)])
    : [[first, rest.trim().slice(first.length).trim()] as const]
  return Object.fromEntries(
    pairs.flatMap(([name, text]) => {
      const value = known(expand(text, lookup))
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

const known = ({ value, missing }: Expanded): string | undefined => (missing.length > 0 ? undefined : value)

/** Words between white space that is neither quoted nor escaped. */
const wordsOf = (text: string): readonly string[] => text.match(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\])+/gs) ?? []
