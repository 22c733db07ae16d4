import { randomUUID } from 'node:crypto'

/** The job that asks for a token. */
export interface Job {
  /** `acme/web` */
  readonly repository: string
  readonly repositoryId: string
  readonly ownerId: string
  readonly visibility: 'public' | 'private' | 'internal'
  /** `push`, `pull_request`, `workflow_dispatch`, … */
  readonly event: string
  /** `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge` */
  readonly ref: string
  readonly sha: string
  /** The environment that the job names. */
  readonly environment?: string
  /** The workflow whose file holds the job: with a reusable workflow, another one than was started. */
  readonly jobWorkflowRef?: string
  readonly actor: string
  readonly runId: string
  /** Owner and repository with their ids, as for repositories made or renamed since 15 July 2026. */
  readonly immutable: boolean
  /** A subject customised for the organisation: claim names, with `repo` and `context` among them. */
  readonly subjectKeys?: readonly string[]
  readonly runner: 'github-hosted' | 'self-hosted'
}

export const defaultJob: Job = {
  repository: 'acme/web',
  repositoryId: '789012',
  ownerId: '123456',
  visibility: 'private',
  event: 'push',
  ref: 'refs/heads/main',
  sha: '3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b',
  actor: 'octocat',
  runId: '9876543210',
  immutable: false,
  runner: 'github-hosted',
}

export type Claims = Readonly<Record<string, unknown>>

/** Seconds since 1970. */
export interface Times {
  readonly now: number
  readonly lifetime: number
}

/** The claims of GitHub's token ("OpenID Connect reference", GitHub docs; nbf is ten minutes before iat there). */
export function describeJob(job: Job, audience: string | undefined, { now, lifetime }: Times): Claims {
  const [owner = ''] = job.repository.split('/')
  const workflow = `${job.repository}/.github/workflows/main.yml@${job.ref}`
  const own = {
    ref: job.ref,
    sha: job.sha,
    repository: job.repository,
    repository_owner: owner,
    repository_owner_id: job.ownerId,
    run_id: job.runId,
    run_number: '42',
    run_attempt: '1',
    repository_visibility: job.visibility,
    repository_id: job.repositoryId,
    actor_id: '583231',
    actor: job.actor,
    workflow: 'Main',
    head_ref: job.event === 'pull_request' ? 'feature' : '',
    base_ref: job.event === 'pull_request' ? 'main' : '',
    event_name: job.event,
    ref_protected: String(job.ref === 'refs/heads/main'),
    ref_type: job.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    workflow_ref: workflow,
    workflow_sha: job.sha,
    job_workflow_ref: job.jobWorkflowRef ?? workflow,
    job_workflow_sha: job.sha,
    runner_environment: job.runner,
    ...(job.environment === undefined ? {} : { environment: job.environment }),
  }
  return {
    jti: randomUUID(),
    sub: renderSubject(job, own),
    aud: audience ?? `https://github.com/${owner}`,
    ...own,
    nbf: now - 600,
    exp: now + lifetime,
    iat: now,
  }
}

/** `repo:acme/web:ref:refs/heads/main`, or what a customised subject makes of the claims. */
function renderSubject(job: Job, claims: Readonly<Record<string, string>>): string {
  const [owner, name] = job.repository.split('/')
  const repo = job.immutable ? `${owner}@${job.ownerId}/${name}@${job.repositoryId}` : job.repository
  return (job.subjectKeys ?? ['repo', 'context'])
    .map(key => {
      if (key === 'repo') return `repo:${repo}`
      return key === 'context' ? renderContext(job) : `${key}:${claims[key] ?? ''}`
    })
    .join(':')
}

/** An environment comes before the event, the event before the ref. */
function renderContext({ environment, event, ref }: Job): string {
  // A colon separates the parts, so a name's own is escaped.
  if (environment !== undefined) return `environment:${environment.replaceAll(':', '%3A')}`
  return event === 'pull_request' ? 'pull_request' : `ref:${ref}`
}
