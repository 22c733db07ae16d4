import { z } from 'zod'
import { type LoginConfig, loginConfigSchema, loginSectionSchema } from '../login/config.ts'
import type { Shape } from './alternatives.ts'
import type { Inputs } from './credentials.ts'
import { type Parsed, parseText, splitList } from './parse-text.ts'

/**
 * The inputs of the login action, read without the configuration of a pipeline: a login is asked for in the first
 * moments of a job, and that takes long to load. @throws UserError with everything that is wrong; no value of a secret
 * is in it.
 */
export async function loginOf(inputs: Inputs): Promise<LoginConfig> {
  const { read } = inputs
  const registries = read('registries')
  const given = {
    registries: registries === undefined ? undefined : splitList(registries),
    username: read('username'),
    password: read('password'),
    'export-credentials': read('export-credentials')?.toLowerCase(),
    section: sectionOf(inputs),
  }
  const parsed = loginConfigSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const { explainLogin } = await import('./login-faults.ts')
  throw explainLogin(given, inputs)
}

const { shape } = loginSectionSchema
type Key = keyof typeof shape

/** Keys of the `login` section that are inputs: no repository is made by the action. */
const keys = Object.keys(shape).filter((key): key is Key => key !== 'create-repository')

const sectionOf = ({ read }: Inputs): object =>
  Object.fromEntries(
    keys.flatMap(key => {
      const text = read(key)
      return text === undefined ? [] : [[key, orText(parseText(text, shapeOf(key), asText), text)]]
    }),
  )

const shapeOf = (key: Key): Shape => z.toJSONSchema(shape[key], { io: 'input', target: 'draft-7' })
const asText = (value: string): Parsed => ({ value })

// Text that can't be read is not what the schema wants either, which then says what it does want.
const orText = (parsed: Parsed, text: string): unknown => ('value' in parsed ? parsed.value : text)
