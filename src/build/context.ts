import { UserError } from '../errors.ts'
import { openGit } from '../run/git.ts'
import { readRevision } from '../run/revision.ts'
import type { Scope } from '../task/scope.ts'
import type { BuildConfig } from './config.ts'

type Contexts = Pick<BuildConfig, 'context' | 'build-contexts'>

const placeholder = /\{\{\s*defaultContext\s*\}\}/g

/**
 * Writes out `{{defaultContext}}`: this repository on its Git host, at the commit that is checked out.
 * @throws UserError where nobody knows its address or commit
 */
export async function resolveContexts<C extends Contexts>(
  config: C,
  scope: Pick<Scope, 'context' | 'env'>,
): Promise<C> {
  const { context, 'build-contexts': named = {} } = config
  if (![context, ...Object.values(named)].some(text => text.search(placeholder) >= 0)) return config
  const repository = await repositoryOf(scope)
  const written = (text: string): string => text.replace(placeholder, () => repository)
  return {
    ...config,
    context: written(context),
    'build-contexts': Object.fromEntries(Object.entries(named).map(([name, text]) => [name, written(text)])),
  }
}

/** `https://github.com/acme/web.git#<commit>` */
async function repositoryOf({ context, env }: Pick<Scope, 'context' | 'env'>): Promise<string> {
  const { commit } = await readRevision(context, env)
  const url = env.GITHUB_REPOSITORY
    ? `${env.GITHUB_SERVER_URL || 'https://github.com'}/${env.GITHUB_REPOSITORY}.git`
    : await originOf({ context, env })
  if (url === undefined || commit === '')
    throw new UserError(
      'build.context: {{defaultContext}} is this repository on its Git host, and its address is not known here\nAdd the remote origin (git remote add origin URL), or name the URL in its place.',
    )
  return `${url}#${commit}`
}

/** The remote `origin` as an address for HTTPS; undefined where there is none, or it is a path of this machine. */
async function originOf({ context, env }: Pick<Scope, 'context' | 'env'>): Promise<string | undefined> {
  const git = await openGit(context, env)
  const url = await git?.(['config', '--get', 'remote.origin.url'])
  const [, host, path] = /^(?:[\w.-]+@|ssh:\/\/(?:[\w.-]+@)?)([\w.-]+)[:/](.+)$/.exec(url ?? '') ?? []
  if (host !== undefined) return `https://${host}/${path}`
  // A clone may have left its token in the address.
  return url !== undefined && /^https?:\/\//.test(url) ? url.replace(/^(https?:\/\/)[^/?#]*@/, '$1') : undefined
}

/** Pure: hosts of the contexts that are fetched by HTTP. */
export const gitHostsOf = ({ context, 'build-contexts': named = {} }: Contexts): readonly string[] =>
  [context, ...Object.values(named)].flatMap(text => (/^https?:\/\//i.test(text) ? hostOf(text) : []))

function hostOf(url: string): readonly string[] {
  return URL.canParse(url) ? [new URL(url).host] : []
}
