import { copyFile, lstat, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openGit } from '../run/git.ts'
import type { Scope } from '../task/scope.ts'
import { type BuildConfig, isRemote } from './config.ts'
import { dockerfileOf } from './options.ts'

/** What a build reads; `inline` is the text of a Dockerfile that is no file. */
interface Source extends Pick<BuildConfig, 'file' | 'context'> {
  readonly inline?: string | undefined
}

/** Another Dockerfile, where one is needed; it is gone once this is disposed. */
interface Hidden extends AsyncDisposable {
  readonly changes: { readonly file?: string }
}

/**
 * The context as it was at a time (ms since 1970), for a solve that does again what was done then: files that no commit
 * has and that were made since, by outputs, tests or scans, are kept out by an ignore file of the Dockerfile. Else a
 * `COPY .` would be another one, and every RUN after it would be done anew.
 */
export async function hideLaterFiles(source: Source, since: number, scope: Scope): Promise<Hidden> {
  const nothing = { changes: {}, async [Symbol.asyncDispose]() {} }
  if (isRemote(source.context)) return nothing
  const context = resolve(scope.context, source.context)
  const later = await findLater(context, since, scope)
  if (later.length === 0 || later.length > most) return nothing
  const dockerfile = resolve(scope.context, dockerfileOf(source))
  const own = source.inline === undefined ? [`${dockerfile}.dockerignore`] : []
  const ignored = await readFirst([...own, join(context, '.dockerignore')])
  const folder = await mkdtemp(join(scope.run.directory, 'as-built-'))
  const file = join(folder, 'Dockerfile')
  if (source.inline === undefined) await copyFile(dockerfile, file)
  else await writeFile(file, source.inline)
  await writeFile(`${file}.dockerignore`, [ignored, ...later.map(patternOf), ''].join('\n'))
  return { changes: { file }, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** BuildKit holds each file against each pattern. */
const most = 500

async function readFirst(files: readonly string[]): Promise<string> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text !== undefined) return text
  }
  return ''
}

/** Files that no commit has and that are younger, relative to the context; of a younger folder the folder alone. */
async function findLater(context: string, since: number, { env }: Scope): Promise<readonly string[]> {
  const git = await openGit(context, env)
  const others = (await git?.(['ls-files', '--others', '-z'])) ?? ''
  const known = new Map<string, Promise<boolean>>()
  const isLater = (path: string): Promise<boolean> => {
    const asked = known.get(path) ?? lstat(join(context, path)).then(({ birthtimeMs }) => birthtimeMs > since, no)
    known.set(path, asked)
    return asked
  }
  const found = new Set<string>()
  for (const name of others.split('\0').filter(Boolean))
    for (const path of waysTo(name)) {
      if (!(await isLater(path))) continue
      found.add(path)
      break
    }
  return [...found]
}

const no = (): boolean => false

/** `a`, `a/b`, `a/b/c` */
function waysTo(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** What has a meaning in a pattern is any one character; the slash keeps `!` and `#` from having one. */
const patternOf = (path: string): string => `/${path.replaceAll(/[*?[\]\\\s]/g, '?')}`
