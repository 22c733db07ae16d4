import { z } from 'zod'

/** A list that may be given as one item: `a`, `[a, b]`. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.union([item.transform(one => [one]), z.array(item)]).transform(items => items as z.output<T>[])

/** A path inside the repository: relative, never above it. */
export const pathSchema = z
  .string()
  .min(1)
  .refine(path => !path.startsWith('/') && !path.split('/').includes('..'), 'a path inside the repository')

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

/** The name of an environment variable; secrets are named, never inlined. */
export const variableSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable')
