import { getExecOutput } from '@actions/exec'
import type { Revision } from '../record/record.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The revision of a checkout: GitHub's own words where it runs there, else Git's. Without Git all is empty. */
export async function readRevision(context: string, env: Environment): Promise<Revision> {
  const onGitHub = env.GITHUB_ACTIONS === 'true'
  const [head, ref, status, time, prefix] = await Promise.all([
    git(['rev-parse', 'HEAD'], context, env),
    git(['symbolic-ref', '--quiet', 'HEAD'], context, env),
    // On GitHub files that no commit has are what earlier steps made; on a laptop they may be source.
    git(['status', '--porcelain', `--untracked-files=${onGitHub ? 'no' : 'normal'}`, '.'], context, env),
    git(['show', '--no-patch', '--format=%cI', 'HEAD'], context, env),
    git(['rev-parse', '--show-prefix'], context, env),
  ])
  return {
    commit: (onGitHub ? env.GITHUB_SHA : undefined) ?? head,
    ref: (onGitHub ? env.GITHUB_REF : undefined) ?? ref,
    dirty: status !== '',
    committed: time === '' ? '' : new Date(time).toISOString(),
    ...(prefix === '' ? {} : { prefix: prefix.replace(/\/$/, '') }),
  }
}

async function git(argv: readonly string[], cwd: string, env: Environment): Promise<string> {
  const given = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const options = { cwd, env: given, silent: true, ignoreReturnCode: true }
  // Without Git on the machine there is no commit either: that is no fault.
  const end = await getExecOutput('git', [...argv], options).catch(() => undefined)
  return end?.exitCode === 0 ? end.stdout.trim() : ''
}
