import { z } from 'zod'
import { isRight, rightMessage } from './rights.ts'

/**
 * How text is split into a list: `rules` at line ends and commas, but for commas inside an item (`type=raw,value=a`);
 * `commas` at both; `lines` at line ends, where an item may be quoted to hold one; `raw` at line ends, quotes and all;
 * `commented` as `lines`, with comments from # on; `tags` as metadata-action splits its rules.
 */
export type Split = 'rules' | 'commas' | 'lines' | 'commented' | 'raw' | 'tags'

/**
 * A list that may be given as one item: `a`, `[a, b]`; each item counts once. The mark `list` tells whoever reads text
 * (an input, a flag) that it may be split, and how: a command has the same types, and must not be.
 */
export const listOf = <T extends z.ZodType>(item: T, split: Split = 'rules') =>
  z
    .union([item.transform(one => [one]), z.array(item)])
    .transform(items => [...new Set(items as z.output<T>[])])
    .meta({ list: split })

/** A list with at least one item. */
export const someOf = <T extends z.ZodType>(item: T) =>
  listOf(item).refine(items => items.length > 0, 'at least one item')

/** A path inside the repository: relative, never above it. */
export const pathSchema = z
  .string()
  .min(1)
  .regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$)).*$/, 'a path inside the repository, relative to it')

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const

/** `250 ms`, `10 s`, `5 m`, `1 h` → ms. */
export const durationSchema = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(ms|s|m|h)$/, 'a duration such as 10 s, 500 ms or 5 m')
  .transform(text => {
    const [, amount = '0', unit = 's'] = /^([\d.]+)\s*(\w+)$/.exec(text) ?? []
    return Number(amount) * units[unit as keyof typeof units]
  })

const sizes = { KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const

/** `250 MB`, `1.2 GiB` → bytes. */
export const sizeSchema = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(KB|MB|GB|KiB|MiB|GiB)$/, 'a size such as 250 MB or 1 GiB')
  .transform(text => {
    const [, amount = '0', unit = 'MB'] = /^([\d.]+)\s*(\w+)$/.exec(text) ?? []
    return Math.round(Number(amount) * sizes[unit as keyof typeof sizes])
  })

/** A command: a string for `sh -c`, or argv. */
export const commandSchema = z.union([z.string().min(1), z.array(z.string()).min(1)])
export type Command = z.infer<typeof commandSchema>

/** argv of a command. */
export const argvOf = (command: Command): readonly string[] =>
  typeof command === 'string' ? ['sh', '-c', command] : command

/** What is said where a secret's value stands for its name; whoever reports it must not show the value. */
export const secretMessage =
  'the name of an environment variable: secrets are named here, and their values given in the environment'

const variable = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Beginnings that vendors give their tokens: GitHub, GitLab, AWS, Slack, npm, JSON Web Tokens. */
const token = /\b(gh[a-z]_|github_pat_|glpat-|A[KS]IA|xox[a-z]-|npm_|eyJ)[\w.-]{16,}/

/** True for text with something in it that looks like a secret by its vendor's prefix, so that it must not be shown. */
export const isTokenLike = (text: string): boolean => token.test(text)

/** Text that YAML may take for a number or a boolean. */
export const textSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String)

/** The name of an environment variable. */
export const variableSchema = z.string().regex(variable, 'the name of an environment variable')

/** The name of an environment variable that holds a secret; a value in its place is refused, and so is a right of pce. */
export const secretNameSchema = z
  .string()
  .refine(name => variable.test(name) && !isTokenLike(name), secretMessage)
  .refine(name => !isRight(name), rightMessage)

/** The same, where `?` behind the name says that the secret may be empty. */
export const optionalSecretSchema = z
  .string()
  .refine(name => variable.test(nameOf(name)) && !isTokenLike(name), secretMessage)
  .refine(name => !isRight(nameOf(name)), rightMessage)

/** `NPM_TOKEN` of `NPM_TOKEN?` */
export const nameOf = (secret: string): string => secret.replace(/\?$/, '')

/** What a build calls a secret (RUN --mount=type=secret,id=…). */
export const secretIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\??$/, 'the id of a secret: letters, digits, dots and dashes')
