import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { openGit } from '../run/git.ts'
import type { CacheConfig } from './config.ts'
import { mayWrite, readCacheRight } from './token.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Branches as names of caches: `main`, `pr-7`; undefined where there is none, or nobody says. */
interface Branches {
  readonly own: string | undefined
  readonly base: string | undefined
  readonly usual: string | undefined
}

/** What the plan of a cache depends on besides the configuration. */
export interface CacheFacts {
  readonly host: 'github-hosted' | 'self-hosted' | 'laptop'
  readonly inAws: boolean
  /** whether the builder reaches this machine's loopback */
  readonly reaches: boolean
  /** what the job may do with GitHub's cache, or why it may not */
  readonly actions: { readonly writes: boolean } | { readonly none: string }
  /** true where the run is for a tag: nothing but that tag would ever read what it writes */
  readonly tag: boolean
  readonly branches: Branches
  /** folder of local caches */
  readonly folder: string
  /** `linux-amd64`: what `native` is here */
  readonly native: string
}

interface Place {
  readonly reaches: boolean
  /** the checkout */
  readonly context: string
  /** the whole environment, with its rights */
  readonly rights: Environment
}

/** Looks at the machine; nothing is asked over the network. */
export async function readCacheFacts(config: CacheConfig, { context, rights, reaches }: Place): Promise<CacheFacts> {
  const right = readCacheRight(rights, Date.now())
  const onGitHub = rights.GITHUB_ACTIONS === 'true'
  const hosted = rights.RUNNER_ENVIRONMENT === 'github-hosted'
  return {
    host: onGitHub ? (hosted ? 'github-hosted' : 'self-hosted') : 'laptop',
    inAws: isInAws(rights),
    reaches,
    actions: typeof right === 'string' ? { none: right } : { writes: mayWrite(right) },
    tag: rights.GITHUB_REF_TYPE === 'tag',
    branches: onGitHub ? branchesOf(rights) : await askGit(context, rights),
    folder: folderOf(config, context, rights),
    native: `linux-${process.arch === 'x64' ? 'amd64' : process.arch}`,
  }
}

/** A machine of AWS says so in its firmware, a container of AWS in its environment. */
function isInAws(env: Environment): boolean {
  if (env.CODEBUILD_BUILD_ID || env.AWS_EXECUTION_ENV || env.ECS_CONTAINER_METADATA_URI_V4) return true
  return /^Amazon EC2\s*$/.test(textOf('/sys/devices/virtual/dmi/id/sys_vendor'))
}

const eventSchema = z.looseObject({
  repository: z.looseObject({ default_branch: z.string().optional() }).optional(),
  pull_request: z.looseObject({ number: z.number() }).optional(),
})

function branchesOf(env: Environment): Branches {
  const event = eventSchema.safeParse(parse(textOf(env.GITHUB_EVENT_PATH ?? ''))).data
  const number = event?.pull_request?.number
  // With pull_request_target the ref is that of the base branch, whatever is checked out.
  const isPull = /^refs\/pull\//.test(env.GITHUB_REF ?? '') || env.GITHUB_EVENT_NAME === 'pull_request_target'
  return {
    own: isPull && number !== undefined ? `pr-${number}` : env.GITHUB_REF_NAME || undefined,
    base: env.GITHUB_BASE_REF || undefined,
    usual: event?.repository?.default_branch,
  }
}

async function askGit(context: string, env: Environment): Promise<Branches> {
  const git = await openGit(context, env)
  const [own, usual] = await Promise.all([
    git?.(['symbolic-ref', '--quiet', '--short', 'HEAD']),
    git?.(['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']),
  ])
  return { own: own || undefined, base: undefined, usual: usual?.replace(/^origin\//, '') || undefined }
}

function folderOf({ path }: CacheConfig, context: string, env: Environment): string {
  if (path !== undefined) return isAbsolute(path) ? path : join(context, path)
  const checkout = createHash('sha256').update(context).digest('hex').slice(0, 8)
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pce', 'layers', checkout)
}

function textOf(path: string): string {
  try {
    return path === '' ? '' : readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
