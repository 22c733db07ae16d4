import { z } from 'zod'
import { UserError } from '../errors.ts'
import { revisionSchema } from '../record/record.ts'
import { type GitHubEvent, readEvent } from './event.ts'
import { type Git, openGit } from './git.ts'
import { readRevision } from './revision.ts'

type Environment = Readonly<Record<string, string | undefined>>

const repositorySchema = z.object({
  /** `https://github.com/acme/web`: no user name, no `.git` */
  url: z.string(),
  /** `web` */
  name: z.string(),
})

export const factsSchema = z.object({
  revision: revisionSchema,
  /** `push`, `schedule`; empty on a laptop */
  event: z.string(),
  /** the commit that tags and labels name */
  sha: z.string(),
  /** branch that a pull request goes to; empty for anything else */
  base: z.string(),
  defaultBranch: z.string().optional(),
  repository: repositorySchema.optional(),
  /** the tags of Git that are known here */
  tags: z.array(z.string()),
  /** false where there may be more: a shallow checkout brings none along */
  tagsComplete: z.boolean(),
  /** ISO 8601 */
  now: z.string(),
  /** digits of a short commit */
  shortSha: z.number(),
  /** levels of annotations that name none */
  levels: z.array(z.string()),
  /** versions that the images of the run say of themselves, by name: a push may ask for other tags than the build did */
  versions: z.record(z.string(), z.string()).optional(),
})

/** All that tags and labels are made of, besides what the configuration asks for. Plain data, read without network. */
export type Facts = z.infer<typeof factsSchema>

/** Reads the facts of a checkout and of the job. @throws UserError for a setting that is none */
export async function readFacts(context: string, env: Environment): Promise<Facts> {
  const [revision, event, git] = await Promise.all([readRevision(context, env), readEvent(env), openGit(context, env)])
  const [remote, head, known] = git === undefined ? [] : await Promise.all([remoteOf(git), headOf(git), tagsOf(git)])
  return {
    revision,
    event: event.name,
    sha: shaOf(revision.commit, event, env),
    base: event.base,
    defaultBranch: event.defaultBranch ?? head ?? defaultOf(event.name, revision.ref),
    repository: repositoryOf(remote) ?? repositoryOf(jobUrl(env)),
    tags: known?.tags ?? [],
    tagsComplete: known?.complete ?? false,
    now: new Date().toISOString(),
    shortSha: lengthOf(env.DOCKER_METADATA_SHORT_SHA_LENGTH),
    levels: (env.DOCKER_METADATA_ANNOTATIONS_LEVELS || 'manifest').split(',').map(level => level.trim()),
  }
}

/** The commit of a pull request's own branch, where that was asked for, in place of its merge with the base. */
const shaOf = (commit: string, { head }: GitHubEvent, env: Environment): string =>
  /^true$/i.test(env.DOCKER_METADATA_PR_HEAD_SHA ?? '') && commit === env.GITHUB_SHA ? (head ?? commit) : commit

function lengthOf(text: string | undefined): number {
  if (text === undefined || text === '') return 7
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text)
  throw new UserError(`DOCKER_METADATA_SHORT_SHA_LENGTH: found ${JSON.stringify(text)}, expected a number of digits`)
}

const remoteOf = (git: Git): Promise<string | undefined> => git(['config', '--get', 'remote.origin.url'])

const headOf = async (git: Git): Promise<string | undefined> =>
  (await git(['symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD']))?.replace('refs/remotes/origin/', '')

/**
 * A shallow checkout has the tags that were fetched on purpose. One that has no other tags than those of its own commit
 * says nothing about those of others.
 */
async function tagsOf(git: Git): Promise<{ readonly tags: string[]; readonly complete: boolean }> {
  const list = (...argv: string[]) => git(['for-each-ref', '--format=%(refname:strip=2)', ...argv, 'refs/tags'])
  const [all, here, shallow] = await Promise.all([
    list(),
    list('--points-at=HEAD'),
    git(['rev-parse', '--is-shallow-repository']),
  ])
  const tags = (all ?? '').split('\n').filter(Boolean)
  return { tags, complete: shallow === 'false' || tags.length > (here ?? '').split('\n').filter(Boolean).length }
}

/** Events that run on the default branch alone tell its name (docs.github.com, "Events that trigger workflows"). */
const defaultOf = (event: string, ref: string): string | undefined =>
  /^(schedule|issues|issue_comment|discussion|discussion_comment|workflow_run)$/.test(event)
    ? /^refs\/heads\/(.+)$/.exec(ref)?.[1]
    : undefined

const jobUrl = ({ GITHUB_ACTIONS, GITHUB_SERVER_URL, GITHUB_REPOSITORY }: Environment): string | undefined =>
  GITHUB_ACTIONS === 'true' && GITHUB_SERVER_URL && GITHUB_REPOSITORY
    ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`
    : undefined

/**
 * Pure: the page of a repository, from the URL of a remote: `git@host:acme/web.git`, `ssh://git@host:22/acme/web`,
 * `https://user:token@host/acme/web`. What may be a secret is left out. Undefined for a path on this machine.
 */
export function repositoryOf(remote: string | undefined): Facts['repository'] {
  const text = remote?.trim() ?? ''
  const short = /^(?:[^/@:]+@)?([^/@:]+):(?!\/)(.+)$/.exec(text)
  const url = URL.parse(short === null ? text : `ssh://${short[1]}/${short[2]}`)
  const isWeb = /^https?:$/.test(url?.protocol ?? '')
  if (url === null || !(isWeb || /^(ssh|git):$/.test(url.protocol)) || !/\.|^localhost$/.test(url.hostname))
    return undefined
  const path = url.pathname.replace(/^\/+/, '').replace(/(\.git)?\/*$/, '')
  const page = isWeb ? url.origin : `https://${url.hostname}`
  return path === '' ? undefined : { url: `${page}/${path}`, name: path.split('/').at(-1) ?? path }
}
