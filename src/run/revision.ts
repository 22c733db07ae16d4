import type { Revision } from '../record/record.ts'
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
    ...nameOf({ head, ref }, env),
    dirty,
    committed: time === '' ? '' : new Date(time).toISOString(),
    ...(prefix === '' ? {} : { prefix: prefix.replace(/\/$/, '') }),
  }
}

const none = { head: '', ref: '', dirty: false, time: '', prefix: '' }

async function askGit(git: Git, env: Environment): Promise<typeof none> {
  // On GitHub files that no commit has are what earlier steps made; on a laptop they may be source.
  const untracked = env.GITHUB_ACTIONS === 'true' ? 'no' : 'normal'
  const [head = '', ref = '', status, time = '', prefix = ''] = await Promise.all([
    git(['rev-parse', '--verify', '--quiet', 'HEAD']),
    git(['symbolic-ref', '--quiet', 'HEAD']),
    git(['status', '--porcelain', '--no-renames', `--untracked-files=${untracked}`, '.']),
    git(['show', '--no-patch', '--format=%cI', 'HEAD']),
    git(['rev-parse', '--show-prefix']),
  ])
  return { head, ref, dirty: status !== '', time, prefix }
}

/**
 * GITHUB_SHA and GITHUB_REF are those of the event. After `workflow_run`, or with a `ref` for actions/checkout, another
 * commit may be checked out: that one must not get the tags of the event's branch.
 */
function nameOf({ head, ref }: Pick<typeof none, 'head' | 'ref'>, env: Environment): Pick<Revision, 'commit' | 'ref'> {
  if (env.GITHUB_ACTIONS !== 'true') return { commit: head, ref }
  const commit = env.GITHUB_SHA || head
  return head === '' || head === commit ? { commit, ref: env.GITHUB_REF || ref } : { commit: head, ref }
}
