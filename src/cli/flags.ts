import { parseArgs } from 'node:util'
import { closest } from 'fastest-levenshtein'
import { typesOf } from '../config/alternatives.ts'
import type { Input } from '../config/input.ts'
import { type ActionName, actions } from '../config/inputs.ts'
import { shapeAt } from '../config/shape.ts'
import { UserError } from '../errors.ts'

/** The command line, taken apart. */
export interface Flags {
  /** an input by its name; several of one flag are lines of one list */
  read(name: string): string | undefined
  has(name: string): boolean
  readonly words: readonly string[]
}

const common = { help: 'h', verbose: 'v', json: undefined } as const

/**
 * Takes the flags of a command: those of its action, which are the keys of its section in `pce.yml`.
 * @throws UserError that names the flag and the nearest one there is.
 */
export function parseFlags(
  argv: readonly string[],
  action: ActionName | undefined,
  more: readonly string[] = [],
): Flags {
  const inputs = action === undefined ? [] : actions[action].inputs.filter(isFlag)
  const texts = [...inputs.map(({ name }) => name), ...more]
  const booleans = Object.keys(common)
  const options = Object.fromEntries([
    ...texts.map(name => [name, { type: 'string', multiple: true }] as const),
    ...booleans.map(name => [name, { type: 'boolean', ...short(name) }] as const),
  ])
  const switches = new Set(inputs.filter(isSwitch).map(({ name }) => `--${name}`))
  const { values, positionals } = parsed(withValues(argv, switches), options, [...texts, ...booleans])
  return {
    words: positionals,
    has: name => isSet(name, values[name]),
    read(name) {
      const value = values[name]
      return Array.isArray(value) && value.length > 0 ? value.join('\n') : undefined
    },
  }
}

/** A switch that is no key of `pce.yml`; the last one counts. @throws UserError for a value that is none of a switch */
function isSet(name: string, value: unknown): boolean {
  const text = Array.isArray(value) ? String(value.at(-1)).trim().toLowerCase() : String(value === true)
  if (text === 'true' || text === 'false') return text === 'true'
  throw new UserError(`--${name}: found "${text}", expected true or false`)
}

/** Secrets come from variables, and only a job on GitHub has a status. */
export const isFlag = ({ name, secret }: Input): boolean => secret !== true && name !== 'job-status'

/** True where `true` is a value, so that the flag may stand alone, as it does with docker: `--no-cache`. */
const isSwitch = ({ name, path }: Input): boolean =>
  name === 'push' || (path !== undefined && typesOf(shapeAt(path) ?? {}).has('boolean'))

const withValues = (argv: readonly string[], switches: ReadonlySet<string>): readonly string[] =>
  argv.map((word, index) => (switches.has(word) && /^(-.*)?$/.test(argv[index + 1] ?? '') ? `${word}=true` : word))

const variableOf = (flag = ''): string => `PCE_${flag.toUpperCase().replace('-', '_')}`

const short = (name: string) => {
  const letter = name === 'help' || name === 'verbose' ? common[name] : undefined
  return letter === undefined ? {} : { short: letter }
}

type Options = Parameters<typeof parseArgs>[0] extends infer T ? (T extends { options?: infer O } ? O : never) : never

function parsed(argv: readonly string[], options: NonNullable<Options>, names: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const [, flag] = /'--?([^'=\s]+)/.exec(message) ?? []
    const near = flag === undefined || names.includes(flag) ? '' : `; did you mean --${closest(flag, [...names])}?`
    const secret = /^(pull-)?password$/.test(flag ?? '')
      ? `\nA password is not given on the command line: set ${variableOf(flag)}.`
      : ''
    throw new UserError(`${message.split('. ')[0]}${secret === '' ? near : secret}`, { cause })
  }
}
