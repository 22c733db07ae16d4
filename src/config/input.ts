import { shapeAt } from './shape.ts'

/** An input of an action, and a flag of the terminal program. */
export interface Input {
  readonly name: string
  readonly description: string
  /** the value where it is not given; never there for a key of `pce.yml`, which it would win over */
  readonly default?: string
  /** the default in words, where the configuration has it */
  readonly usual?: string
  readonly required?: boolean
  readonly secret?: boolean
  /** the key of `pce.yml` that it wins over */
  readonly path?: readonly string[]
}

/** The input for one key of `pce.yml`, described as the key is; it has the key's name when no other is given. */
export function inputFor(path: readonly string[], name: string = path.at(-1) ?? ''): Input {
  const { description = '', default: usual } = shapeAt(path) ?? {}
  const words = wordsOf(usual)
  return { name, description, path, ...(words === '' ? {} : { usual: words }) }
}

/** An input for each key of a section. */
export const inputsFor = (section: string): readonly Input[] =>
  Object.keys(shapeAt([section])?.properties ?? {}).map(key => inputFor([section, key]))

/** A default as a reader takes it in: an empty list or map is no default. */
function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'object' || value === undefined ? '' : String(value)
}
