import { z } from 'zod'
import { OutsideError } from '../errors.ts'
import { failureOf, runProgram } from '../program/run.ts'
import type { Finding } from '../record/finding.ts'
import type { Scope } from '../task/scope.ts'
import { type Result, type Task, task } from '../task/task.ts'
import type { Builder } from './builder.ts'
import { type BuildConfig, isRemote } from './config.ts'
import { resolveContexts } from './context.ts'
import { contextOf, dockerfileOf, optionsOf } from './options.ts'
import { lockedEnv } from './source-policy.ts'
import { findingsOf } from './warnings.ts'

/** A question about a Dockerfile, in place of a build. */
export interface CallRequest {
  readonly call: 'check' | 'outline' | 'targets'
  readonly config: BuildConfig
}

/** Pure: argv of the question. Nothing of the user's is run, so it gets no secret and no key. */
export const planCall = ({ call, config }: CallRequest, builder: string): readonly string[] => [
  'docker',
  'buildx',
  'build',
  '--builder',
  builder,
  '--progress=plain',
  `--call=${call === 'check' ? 'check,format=json' : call}`,
  ...optionsOf({ ...config, secrets: [], 'secret-envs': {}, 'secret-files': {}, ssh: [] }),
  ...(config.target === undefined ? [] : ['--target', config.target]),
  contextOf(config),
]

/** Asks BuildKit about a Dockerfile; `check` is a verdict about the source, red with the first thing that it finds. */
export const callTask = (id: string, request: CallRequest, builder: Task<Builder>): Task<number> =>
  task({
    id,
    request: { call: request.call, file: dockerfileOf(request.config), target: request.config.target },
    needs: { builder },
    kind: 'blocking',
    estimate: 5_000,
    perform: ({ builder: { name } }, scope) => ask(request, name, scope),
  })

async function ask({ call, config }: CallRequest, builder: string, scope: Scope): Promise<Result<number>> {
  const argv = planCall({ call, config: await resolveContexts(config, scope) }, builder)
  const env = { ...scope.env, ...(await lockedEnv(scope)) }
  const program = { title: `docker buildx build --call=${call}`, argv, cwd: scope.context, env }
  const end = await runProgram({ ...program, signal: scope.signal })
  if (call === 'check') {
    const findings = parseChecks(end.stdout, isRemote(config.context) ? undefined : dockerfileOf(config))
    if (findings !== undefined) return verdictOf(findings, scope)
  } else if (end.exitCode === 0) {
    for (const line of end.stdout.trimEnd().split('\n')) scope.say(line)
    return { value: 0 }
  }
  const words = end.stderr.split('\n').findLast(line => line.startsWith('ERROR: '))
  if (words === undefined) throw new OutsideError(failureOf(program, end))
  return { status: 'failed', reason: words.replace(/^ERROR: (failed to build: )?(failed to solve: )?/, '') }
}

function verdictOf(findings: Finding[], scope: Scope): Result<number> {
  for (const { location, rule, message } of findings)
    scope.say(`${location?.file ?? 'Dockerfile'}:${location?.line ?? 1} ${rule} ${message}`)
  if (findings.length === 0) return { value: 0 }
  const what = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} of BuildKit's checks`
  return { status: 'failed', value: findings.length, reason: what, findings }
}

// moby/buildkit, frontend/subrequests/lint: result.json.
const checksSchema = z.looseObject({
  warnings: z
    .array(
      z.looseObject({
        ruleName: z.string(),
        detail: z.string().optional(),
        description: z.string().optional(),
        url: z.string().optional(),
        location: z
          .looseObject({ ranges: z.array(z.looseObject({ start: z.looseObject({ line: z.number() }) })).nullish() })
          .optional(),
      }),
    )
    .nullable(),
})

/** Pure: the findings of `--call=check,format=json`; undefined when the text is no report. */
export function parseChecks(text: string, dockerfile: string | undefined): Finding[] | undefined {
  const report = checksSchema.safeParse(parseJson(text))
  if (!report.success) return undefined
  const warnings = (report.data.warnings ?? []).map(({ ruleName, detail, description, url, location }) => ({
    rule: ruleName,
    message: detail || description || ruleName,
    url,
    file: undefined,
    line: location?.ranges?.[0]?.start.line,
  }))
  return findingsOf(warnings, dockerfile).map(finding => ({ ...finding, blocking: true }))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
