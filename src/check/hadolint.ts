import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { OutsideError, UserError } from '../errors.ts'
import { runProgram } from '../program/run.ts'
import type { Finding, Severity } from '../record/finding.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import { findTool } from '../tools/find.ts'

const levels = ['error', 'warning', 'info', 'style'] as const
export type Level = (typeof levels)[number]

/** `hadolint --format json`: one object a finding. */
const reportSchema = z.array(
  z.looseObject({
    file: z.string(),
    line: z.number(),
    column: z.number(),
    level: z.enum(levels),
    code: z.string(),
    message: z.string(),
  }),
)

const severities: Readonly<Record<Level, Severity>> = { error: 'high', warning: 'medium', info: 'low', style: 'low' }

export interface HadolintRequest {
  readonly file: string
  readonly threshold: Level
}

/** Lints a Dockerfile. @throws OutsideError when hadolint broke: it gives 0 or 1 and JSON, or it did not look. */
export async function runHadolint({ file, threshold }: HadolintRequest, scope: Scope): Promise<Result<number>> {
  if (!existsSync(join(scope.context, file))) throw new UserError(`hadolint: there is no ${file}`)
  const tool = await findTool('hadolint', scope)
  const argv = [tool.path, '--format', 'json', '--no-color', file]
  const end = await runProgram({ title: 'hadolint', argv, cwd: scope.context, env: scope.env, signal: scope.signal })
  const findings = parseHadolint(end.stdout, threshold)
  if (findings === undefined)
    throw new OutsideError(`hadolint gave no report (exit code ${end.exitCode}): ${end.stderr.trim()}`)
  const evidence = { findings: [...findings], programs: [{ name: tool.name, version: tool.version, path: tool.path }] }
  for (const finding of findings) scope.say(`${file}:${finding.location?.line} ${finding.rule} ${finding.message}`)
  const blocking = findings.filter(finding => finding.blocking).length
  const steered = findSteering(scope)
  const how = steered.length === 0 ? '' : `with ${steered.join(', ')}`
  if (blocking === 0) return { value: 0, ...evidence, ...(how === '' ? {} : { reason: how }) }
  return {
    status: 'failed',
    value: blocking,
    reason: [`${blocking} of level ${threshold} or above in ${file}`, how].filter(Boolean).join(', '),
    ...evidence,
  }
}

/** What has a say in what hadolint tells: its configuration, the first of these (hadolint README), and its variables. */
function findSteering({ context, env }: Pick<Scope, 'context' | 'env'>): readonly string[] {
  const { HOME: home, XDG_CONFIG_HOME: config } = env
  const own = ['.hadolint.yaml', '.hadolint.yml'].find(name => existsSync(join(context, name)))
  const users = [
    ...(config ? [join(config, 'hadolint.yaml')] : []),
    ...(home ? homeFiles.map(name => join(home, name)) : []),
  ]
  const file = own ?? users.find(path => existsSync(path))
  const variables = Object.keys(env).filter(name => name.startsWith('HADOLINT_') && env[name] !== undefined)
  return [...(file === undefined ? [] : [file]), ...variables]
}

const homeFiles = ['.config/hadolint.yaml', '.hadolint/hadolint.yaml', 'hadolint/config.yaml', '.hadolint.yaml']

/** Pure: the findings of a report; undefined when the text is not one. */
export function parseHadolint(text: string, threshold: Level): readonly Finding[] | undefined {
  const report = reportSchema.safeParse(parseJson(text))
  return report.data?.map(({ file, line, column, level, code, message }) => ({
    tool: 'hadolint',
    rule: code,
    severity: severities[level],
    message,
    location: { file, line: Math.max(1, line), column: Math.max(1, column) },
    url: code.startsWith('DL')
      ? `https://github.com/hadolint/hadolint/wiki/${code}`
      : `https://www.shellcheck.net/wiki/${code}`,
    blocking: levels.indexOf(level) <= levels.indexOf(threshold),
  }))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
