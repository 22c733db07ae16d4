import { readFileSync } from 'node:fs'

type Environment = Readonly<{ [name: string]: string | undefined }>

/** True where the job runs for a pull request from a fork, which gets neither secrets nor an ID token. */
export function isFork(env: Environment): boolean {
  // pull_request_target runs with the rights of the base.
  if (!/^pull_request(_review(_comment)?)?$/.test(env.GITHUB_EVENT_NAME ?? '')) return false
  const head = readEvent(env.GITHUB_EVENT_PATH).pull_request?.head
  return head !== undefined && head.repo?.full_name !== env.GITHUB_REPOSITORY
}

/** True where the job runs for Dependabot, which as a rule gets no ID token and no secrets but its own. */
export const isDependabot = (env: Environment): boolean => env.GITHUB_ACTOR === 'dependabot[bot]'

/** Why there is no ID token, in the words of the job's own case. */
export function explainMissingToken(env: Environment): string {
  if (env.GITHUB_ACTIONS !== 'true') {
    return 'role-to-assume: there are no AWS credentials on this machine to assume it with\nSet AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with aws sso login.'
  }
  return `role-to-assume: this job can't ask GitHub for an ID token\n${reasonFor(env)}`
}

function reasonFor(env: Environment): string {
  if (isFork(env))
    return 'It runs for a pull request from a fork, which gets none: do not log in for it; checks, tests and scans go on.'
  if (isDependabot(env))
    return 'It runs for Dependabot, with rights to read alone: do not log in for it, or grant the job permissions: { id-token: write, contents: read }.'
  return 'Add to the job: permissions: { id-token: write, contents: read }\nWhere its workflow is called by another one, the job that calls it needs them too.'
}

/** Why a password may be empty, in the words of the job's own case. */
export function explainMissingPassword(env: Environment): string {
  if (isFork(env)) return 'A pull request from a fork gets no secrets: do not log in for it.'
  if (isDependabot(env))
    return "Dependabot's runs get only Dependabot's own secrets: add it there, or do not log in for it."
  return 'See that the secret exists and that the environment of the job may read it.\nA workflow that another one calls gets secrets only where its caller says secrets: inherit.'
}

/** True where GitHub says that the repository is public. */
export const isPublic = (env: Environment): boolean => readEvent(env.GITHUB_EVENT_PATH).repository?.private === false

/** Address of the run, with its attempt; undefined outside GitHub. */
export const addressOfRun = (env: Environment): string | undefined =>
  env.GITHUB_ACTIONS === 'true' && env.GITHUB_RUN_ID !== undefined
    ? `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}/attempts/${env.GITHUB_RUN_ATTEMPT ?? '1'}`
    : undefined

interface Event {
  readonly repository?: { readonly private?: boolean }
  readonly pull_request?: { readonly head?: { readonly repo?: { readonly full_name?: string } | null } }
}

function readEvent(path: string | undefined): Event {
  try {
    return path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return {}
  }
}
