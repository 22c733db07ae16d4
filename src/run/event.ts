import { readFile } from 'node:fs/promises'
import { z } from 'zod'

type Environment = Readonly<Record<string, string | undefined>>

const text = z.string().optional().catch(undefined)

/** A webhook's payload, as far as it is read here (docs.github.com, "Webhook events and payloads"). */
const payloadSchema = z.looseObject({
  number: z.number().optional().catch(undefined),
  base_ref: text,
  repository: z.looseObject({ default_branch: text }).optional().catch(undefined),
  pull_request: z
    .looseObject({
      base: z.looseObject({ ref: text }).optional().catch(undefined),
      head: z.looseObject({ sha: text }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})

/** What GitHub says about why a job runs; on a laptop all of it is empty. */
export interface GitHubEvent {
  /** `push`, `pull_request`, `schedule` */
  readonly name: string
  /** of a pull request */
  readonly number?: number | undefined
  /** branch that a pull request goes to, or that a tag was pushed from, where GitHub says so */
  readonly base: string
  /** last commit of a pull request's own branch */
  readonly head?: string | undefined
  readonly defaultBranch?: string | undefined
}

/** Reads the event of a job. A payload that is not there or not as it should be says nothing. */
export async function readEvent(env: Environment): Promise<GitHubEvent> {
  if (env.GITHUB_ACTIONS !== 'true') return { name: '', base: '' }
  const { number, base_ref, repository, pull_request: request } = await payloadOf(env.GITHUB_EVENT_PATH)
  return {
    name: env.GITHUB_EVENT_NAME ?? '',
    number,
    base: env.GITHUB_BASE_REF || (request?.base?.ref ?? base_ref?.replace(/^refs\/heads\//, '') ?? ''),
    head: request?.head?.sha,
    defaultBranch: repository?.default_branch,
  }
}

async function payloadOf(path: string | undefined): Promise<z.infer<typeof payloadSchema>> {
  if (path === undefined || path === '') return {}
  const read = await readFile(path, 'utf8')
    .then(content => payloadSchema.safeParse(JSON.parse(content)))
    .catch(() => undefined)
  return read?.data ?? {}
}
