import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { execa } from 'execa'
import { scrub } from './environment.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

/** Asks Git: what it wrote, without the last line's end; undefined when it failed. */
export type Git = (argv: readonly string[]) => Promise<string | undefined>

/**
 * Git for a checkout, without rights; undefined where there is no program of that name, or no repository. A check may
 * have set up the repository so that Git runs programs (a monitor, hooks, filters, a signature's, a transport's): here
 * it runs none, but the filters of LFS and git-crypt, without which their files would look changed.
 */
export async function openGit(context: string, env: Environment): Promise<Git | undefined> {
  const top = await topOf(context)
  if (top === undefined && !env.GIT_DIR) return undefined
  // A container's job runs as another user than the one who checked out: what Git fears there is switched off here.
  const safe: Settings = top === undefined ? [] : [['safe.directory', top]]
  const ask = (argv: readonly string[], settings: Settings) =>
    execa('git', [...quiet, ...argv], {
      cwd: context,
      env: environmentOf(env, settings),
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      maxBuffer: 1e9,
    })
  const list = await ask(['config', '--null', '--get-regexp', String.raw`^filter\..*\.(clean|process|required)$`], safe)
  if (list.code === 'ENOENT') return undefined
  const settings = [...safe, ...withoutFilters(list.stdout)]
  return async argv => {
    const end = await ask(argv, settings)
    return end.exitCode === 0 ? end.stdout : undefined
  }
}

type Settings = readonly (readonly [string, string])[]

const quiet = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'log.showSignature=false'].flatMap(one => [
  '-c',
  one,
])

/** The folder with `.git` that the checkout lies in. */
async function topOf(context: string): Promise<string | undefined> {
  const start = await realpath(context).catch(() => context)
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}

function environmentOf(env: Environment, settings: Settings): Record<string, string> {
  const kept = scrub(env)
  const first = Number(kept.GIT_CONFIG_COUNT) || 0
  const added = settings.flatMap(([key, value], n) => [
    [`GIT_CONFIG_KEY_${first + n}`, key],
    [`GIT_CONFIG_VALUE_${first + n}`, value],
  ])
  return {
    ...kept,
    PATH: (kept.PATH ?? '').split(delimiter).filter(isAbsolute).join(delimiter),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    // What a partial clone lacks is not fetched: that would run the repository's own transport.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_CONFIG_COUNT: String(first + settings.length),
    ...Object.fromEntries(added),
  }
}

const trusted = /^("?([\w/.-]*\/)?git-crypt"? clean( --key-name=[\w-]+)?|git-lfs (clean( -- %f)?|filter-process))$/

/** Settings that switch filters off, from what `git config --null --get-regexp` wrote: `key\nvalue\0`. */
function withoutFilters(list: string): Settings {
  const entries = list.split('\0').map(entry => entry.split('\n', 2))
  return entries.flatMap(([key = '', value = '']): Settings => {
    if (key.endsWith('.required')) return isTrusted(key, entries) ? [] : [[key, 'false']]
    return key === '' || trusted.test(value) ? [] : [[key, '']]
  })
}

/** True when all programs of the filter that a `filter.<name>.required` is about are trusted. */
function isTrusted(required: string, entries: readonly (readonly string[])[]): boolean {
  const start = required.slice(0, -'required'.length)
  return entries
    .filter(([key]) => key === `${start}clean` || key === `${start}process`)
    .every(([, value = '']) => trusted.test(value))
}
