import { basename } from 'node:path'
import { z } from 'zod'
import type { Caches } from '../cache/wish.ts'
import { type Engine, tryDocker } from '../docker/docker.ts'
import { UserError } from '../errors.ts'
import { nameOf } from '../schema/fields.ts'
import { isRight, rightMessage } from '../schema/rights.ts'
import type { BuildConfig } from './config.ts'
import { csvOf } from './csv.ts'
import { secretIds } from './secrets.ts'

const texts = z.record(z.string(), z.string())

/** A target as `docker buildx bake --print` writes it (docker/buildx, docs/bake-reference.md): what we read or change. */
const targetSchema = z.looseObject({
  context: z.string().default('.'),
  dockerfile: z.string().default('Dockerfile'),
  'dockerfile-inline': z.string().optional(),
  target: z.string().optional(),
  args: z.record(z.string(), z.string().nullable()).optional(),
  contexts: texts.optional(),
  labels: texts.optional(),
  annotations: z.array(z.string()).optional(),
  tags: z.array(z.string()).optional(),
  // Several may stand in one text: --set *.platform=linux/amd64,linux/arm64.
  platforms: z
    .array(z.string())
    .transform(all => all.flatMap(text => text.split(',').map(one => one.trim())).filter(one => one !== ''))
    .optional(),
  secret: z
    .array(z.looseObject({ id: z.string().optional(), env: z.string().optional(), src: z.string().optional() }))
    .optional(),
  'cache-from': z.array(z.json()).optional(),
  'cache-to': z.array(z.json()).optional(),
})
export type BakeTarget = z.output<typeof targetSchema>

const definitionSchema = z.looseObject({
  group: z.record(z.string(), z.looseObject({ targets: z.array(z.string()) })).default({}),
  target: z.record(z.string(), targetSchema).default({}),
})

/** What bake files come to: every variable, function and group of them worked out by buildx itself. */
export interface BakeDefinition {
  /** the targets that were asked for, groups taken apart */
  readonly wanted: readonly string[]
  /** those, and what they are built on */
  readonly targets: Readonly<Record<string, BakeTarget>>
}

/** What is asked of bake files. */
export type BakeQuestion = Pick<BuildConfig, 'bake-files' | 'set' | 'vars' | 'allow'> & {
  /** none: the group `default` */
  readonly targets: readonly string[]
}

/** Pure: argv of the look at bake files, without `docker`. */
export const planBakePrint = (question: BakeQuestion): readonly string[] => [
  'buildx',
  'bake',
  '--print',
  '--progress=quiet',
  ...(question['bake-files'] ?? []).flatMap(file => ['--file', file]),
  ...(question.set ?? []).flatMap(item => ['--set', item]),
  ...Object.entries(question.vars ?? {}).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
  ...(question.allow ?? []).flatMap(item => ['--allow', item]),
  ...question.targets,
]

/** Reads bake files: HCL, JSON, Compose. @throws UserError with the words of bake when it can't */
export async function readBake(question: BakeQuestion, engine: Engine): Promise<BakeDefinition> {
  const end = await tryDocker('Read the bake files', planBakePrint(question), engine)
  if (end.exitCode !== 0) throw new UserError(`build.bake-files: ${wordsOf(end.stderr)}\n${adviceFor(end.stderr)}`)
  return parseBake(end.stdout)
}

const wordsOf = (text: string): string =>
  text
    .trim()
    .replace(/^ERROR: /gm, '')
    .split('\n')
    .slice(-10)
    .join('\n')

function adviceFor(text: string): string {
  if (/unknown flag: --var/.test(text)) return 'vars need buildx 0.31 or later: update it, or give them by environment.'
  if (/failed to find target/.test(text)) return 'docker buildx bake --list=targets shows which there are.'
  return 'docker buildx bake --print shows what it makes of them.'
}

/** Pure: what `bake --print` wrote: a bake file again, in which a text that is no template has its signs twice. */
export function parseBake(text: string): BakeDefinition {
  const { group, target } = definitionSchema.parse(JSON.parse(text.replaceAll(/([$%])\1\{/g, '$1{')))
  // A target has the same name as a group where a file has a target called default: buildx makes a group of it.
  const membersOf = (name: string): readonly string[] =>
    group[name]?.targets.flatMap(member => (member === name ? [name] : membersOf(member))) ?? [name]
  return { wanted: [...new Set(membersOf('default'))].sort(), targets: target }
}

/** Pure: what is the same for targets that one bake makes: the same files, asked in the same way. */
export const bakeKeyOf = ({ 'bake-files': files, set, vars }: Omit<BakeQuestion, 'targets'>): string =>
  JSON.stringify([files, set, vars])

/** Pure: a target, and those that it is built on, itself first. */
export function reachedFrom(name: string, targets: BakeDefinition['targets']): readonly string[] {
  const found = new Set<string>()
  const visit = (one: string): void => {
    const target = targets[one]
    if (target === undefined || found.has(one)) return
    found.add(one)
    for (const context of Object.values(target.contexts ?? {})) {
      const [, linked] = /^target:(.*)$/.exec(context) ?? []
      if (linked !== undefined) visit(linked)
    }
  }
  visit(name)
  return [...found]
}

/** Pure: the caches that a target names; undefined where it names none. */
export function cachesOf({
  'cache-from': from = [],
  'cache-to': to = [],
}: Pick<BakeTarget, 'cache-from' | 'cache-to'>): Caches | undefined {
  return from.length + to.length === 0 ? undefined : { from: from.map(textOf), to: to.map(textOf) }
}

/** A cache as an option: newer versions of buildx write an object. */
function textOf(cache: unknown): string {
  if (typeof cache === 'string') return cache
  const { type, ...attributes } = Object(cache) as Readonly<Record<string, unknown>>
  return csvOf(Object.entries({ type, ...attributes }).map(([name, value]) => `${name}=${value}`))
}

type Secrets = Pick<BuildConfig, 'secrets' | 'secret-envs' | 'secret-files'>

/** Pure: the secrets of a target, and those of the configuration for all targets, which win. @throws UserError */
export function secretsOf({ secret = [] }: BakeTarget, target: string, own: Secrets): Secrets {
  const given = new Set(secretIds(own).map(nameOf))
  const others = secret
    .map(({ id, env, src }) => ({ id: id ?? env ?? basename(src ?? ''), env, src }))
    .filter(({ id }) => !given.has(id))
  const variables = others.filter(({ src }) => src === undefined).map(({ id, env }) => [id, env ?? id] as const)
  const right = variables.find(([, variable]) => isRight(variable))
  if (right !== undefined)
    throw new UserError(`secret ${right[0]} of the bake target ${target}: found ${right[1]}, expected ${rightMessage}`)
  return {
    secrets: own.secrets,
    'secret-envs': { ...Object.fromEntries(variables), ...own['secret-envs'] },
    'secret-files': {
      ...Object.fromEntries(others.flatMap(({ id, src }) => (src === undefined ? [] : [[id, src]]))),
      ...own['secret-files'],
    },
  }
}
