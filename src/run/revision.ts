import semver from 'semver'
import type { Revision } from '../record/record.ts'
import { type GitHubEvent, readEvent } from './event.ts'
import { type Git, openGit } from './git.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The revision of a checkout: GitHub's own words where they are about what is checked out, else Git's. Without Git or a
 * repository Git's are empty; where Git fails the checkout counts as changed, since nobody can say that it is not.
 */
export async function readRevision(context: string, env: Environment): Promise<Revision> {
  const git = await openGit(context, env)
  const { head, ref, dirty, time, prefix } = git === undefined ? none : await askGit(git, env)
  return {
    ...nameOf({ head, ref }, env, await readEvent(env)),
    dirty,
    committed: time === '' ? '' : new Date(time).toISOString(),
    ...(prefix === '' ? {} : { prefix: prefix.replace(/\/$/, '') }),
  }
}

const none = { head: '', ref: '', dirty: false, time: '', prefix: '' }

async function askGit(git: Git, env: Environment): Promise<typeof none> {
  // On GitHub files that no commit has are what earlier steps made; on a laptop they may be source.
  const untracked = env.GITHUB_ACTIONS === 'true' ? 'no' : 'normal'
  const [head = '', branch = '', status, time = '', prefix = ''] = await Promise.all([
    git(['rev-parse', '--verify', '--quiet', 'HEAD']),
    git(['symbolic-ref', '--quiet', 'HEAD']),
    git(['status', '--porcelain', '--no-renames', `--untracked-files=${untracked}`, '.']),
    git(['show', '--no-patch', '--format=%cI', 'HEAD']),
    git(['rev-parse', '--show-prefix']),
  ])
  const dirty = status !== ''
  // A changed checkout is not the release that its commit is.
  const ref = branch !== '' || dirty ? branch : await detachedAt(git)
  return { head, ref, dirty, time, prefix }
}

/** What a detached checkout is of: a pull request that was fetched, or the tag there, of several the highest version. */
async function detachedAt(git: Git): Promise<string> {
  const list = await git(['for-each-ref', '--points-at=HEAD', '--format=%(refname)', 'refs/tags', 'refs/remotes/pull'])
  const refs = (list ?? '').split('\n').filter(Boolean)
  const pull = refs.find(ref => /^refs\/remotes\/pull\/\d+\/merge$/.test(ref))
  if (pull !== undefined) return pull.replace('refs/remotes/', 'refs/')
  const tags = refs.map(ref => ref.replace('refs/tags/', ''))
  const [highest] = tags.filter(tag => semver.valid(tag)).sort(semver.rcompare)
  const tag = highest ?? (tags.length === 1 ? tags[0] : undefined)
  return tag === undefined ? '' : `refs/tags/${tag}`
}

/**
 * GITHUB_SHA and GITHUB_REF are those of the event. After `workflow_run`, or with a `ref` for actions/checkout, another
 * commit may be checked out: that one must not get the tags of the event's branch. Nor may what runs for a pull request
 * take them: `pull_request_target` says the ref of the base branch.
 */
function nameOf(
  { head, ref }: Pick<typeof none, 'head' | 'ref'>,
  env: Environment,
  event: GitHubEvent,
): Pick<Revision, 'commit' | 'ref'> {
  if (env.GITHUB_ACTIONS !== 'true') return { commit: head, ref }
  const commit = env.GITHUB_SHA || head
  const pull = event.name === 'pull_request_target' && event.number !== undefined
  const own = pull ? `refs/pull/${event.number}/merge` : undefined
  return head === '' || head === commit
    ? { commit, ref: own ?? (env.GITHUB_REF || ref) }
    : { commit: head, ref: own ?? ref }
}
