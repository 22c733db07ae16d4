import { gitHubToken, variableFor } from '../build/secrets.ts'
import { UserError } from '../errors.ts'
import { itemsOf } from '../schema/csv.ts'
import { secretIdSchema } from '../schema/fields.ts'
import type { Override } from './override.ts'

/** What the inputs of a build say about secrets, taken apart: what may be kept, and what may not. */
export interface SecretInputs {
  readonly overrides: readonly Override[]
  /** values by variable: they stand beside the environment of this process, in memory alone */
  readonly variables: Readonly<Record<string, string>>
}

interface Inputs {
  /** an input as it was given, with the spaces around it */
  readWhole(name: string): string | undefined
  from(name: string): string
}

/**
 * `secrets` holds names of variables, or `ID=value` lines. Values become secrets in variables of their own; overrides,
 * which a run keeps in a file, have their ids alone. @throws UserError that shows no value
 */
export function secretInputsOf({ readWhole, from }: Inputs): SecretInputs {
  const token = readWhole('github-token')?.trim() ?? ''
  const given = token === '' ? {} : { [gitHubToken]: token }
  const text = readWhole('secrets') ?? ''
  const place = from('secrets')
  const lines = linesOf(text, place)
  if (!lines.some(({ text: line }) => line.includes('=')))
    return {
      overrides: lines.length === 0 ? [] : [{ path: ['build', 'secrets'], text, from: place }],
      variables: given,
    }
  const pairs = lines.map((line, index) => pairOf(line, { from: place, isFirst: index === 0 }))
  return {
    overrides: [
      {
        path: ['build', 'secret-envs'],
        text: pairs.map(({ id }) => `${id}=${variableFor(id)}`).join('\n'),
        from: place,
      },
    ],
    variables: { ...given, ...Object.fromEntries(pairs.map(({ id, value }) => [variableFor(id), value])) },
  }
}

type Line = ReturnType<typeof itemsOf>[number]

function linesOf(text: string, from: string): readonly Line[] {
  try {
    return itemsOf(text, { commas: false, trim: false })
  } catch {
    throw new UserError(
      `${from}: a secret that begins with a quote must end with one; a quote in it is written twice (not shown)\n${advice}`,
    )
  }
}

interface Where {
  readonly from: string
  readonly isFirst: boolean
}

// A line may be the rest of a value that lacks its quotes: it is not shown, nor is what looks like its id.
function pairOf({ text, line }: Line, { from, isFirst }: Where): { readonly id: string; readonly value: string } {
  const equals = text.indexOf('=')
  const [id, value] = [text.slice(0, Math.max(0, equals)).trim(), text.slice(equals + 1)]
  if (!secretIdSchema.safeParse(id).success)
    throw new UserError(`${from}: line ${line} is not ID=value (not shown)\n${advice}`)
  if (/^=?$/.test(value) && !id.endsWith('?') && !isFirst)
    throw new UserError(
      `${from}: the secret in line ${line} is empty (its id is not shown)\nForks' pull requests get no secrets; one that may be empty is written ID?=…\n${advice}`,
    )
  return { id, value }
}

const advice =
  'A value of several lines stands in quotes: "ID=value". One with quotes in it goes by a variable, which nothing takes apart: env: { KEY: a secret }, and secret-envs: ID=KEY.'
