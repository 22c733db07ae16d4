import { type Finding, severityRank } from '../record/finding.ts'
import type { Record } from '../record/record.ts'
import type { TestCase } from '../record/test-case.ts'
import { warningsOf } from './build.ts'
import { counts, isRed, isRedTest, placeOf, type Row, rowsOf } from './rows.ts'
import { cut, oneLine, plain } from './text.ts'

const levels = ['error', 'warning', 'notice'] as const
type Level = (typeof levels)[number]

export interface Annotation {
  readonly level: Level
  readonly title: string
  readonly message: string
  /** relative to the root of the repository */
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

interface Weighed {
  readonly weight: number
  readonly annotation: Annotation
}

/**
 * The runner keeps 10 of a level per step and drops the others unseen, and cuts a message at 4,096 characters
 * (actions/runner, ExecutionContext.cs); a title longer than 255 is refused by the Checks API.
 */
const most = { shown: 9, message: 4_000, title: 250 }

/** What GitHub shows beside the code and above the log: each once, the worst first, at most ten of a level. */
export function renderAnnotations(record: Record): readonly Annotation[] {
  const all = [...rowsOf(record).flatMap(weighRow), ...warningsOf(record.tasks).map(weighWarning)]
  const unique = new Map(all.map(weighed => [JSON.stringify(weighed.annotation), weighed])).values()
  const { prefix } = record.revision
  const worstFirst = [...unique].sort((a, b) => b.weight - a.weight).map(({ annotation }) => below(annotation, prefix))
  return levels.flatMap(level =>
    limit(
      worstFirst.filter(annotation => annotation.level === level),
      level,
    ),
  )
}

/** Tools name files from the folder that was worked in, GitHub from the root of the repository. */
const below = (annotation: Annotation, prefix: string | undefined): Annotation =>
  prefix === undefined || annotation.file === undefined
    ? annotation
    : { ...annotation, file: `${prefix}/${annotation.file}` }

function limit(annotations: readonly Annotation[], level: Level): readonly Annotation[] {
  const rest = annotations.length - most.shown
  if (rest <= 0) return annotations
  const title = `and ${rest} more ${rest === 1 ? level : `${level}s`}`
  return [
    ...annotations.slice(0, most.shown),
    { level, title, message: 'The job summary and the record of the run hold all of them.' },
  ]
}

function weighRow(row: Row): readonly Weighed[] {
  const findings = row.findings.map(finding => weighFinding(finding, row))
  const tests = row.tests.filter(isRedTest).map(test => weighTest(test, row))
  return [...weighEnd(row), ...tests, ...findings]
}

/** A task that could not look says so; one that failed speaks for itself where no finding or test does. */
function weighEnd(row: Row): readonly Weighed[] {
  const { status, findings, tests } = row
  const silent = !findings.some(({ blocking }) => blocking || row.kind === 'advisory') && !tests.some(isRedTest)
  if (status === 'broken' && (row.kind !== 'work' || silent))
    return [{ weight: 20, annotation: ofRow(row, `${row.task} ${brokenVerb(row)}`) }]
  if (status === 'failed' && silent) return [{ weight: 19, annotation: ofRow(row, `${row.task} failed`) }]
  return []
}

const brokenVerb = ({ kind }: Row): string => (kind === 'work' ? 'could not be done' : 'could not look')

const ofRow = (row: Row, title: string): Annotation =>
  annotationOf({ level: counts(row) ? 'error' : 'warning', title, message: row.reason ?? 'No reason is known.' })

function weighTest({ suite, name, message, status, location }: TestCase, row: Row): Weighed {
  const said = message ?? (status === 'error' ? 'It could not say.' : 'It failed.')
  const level = row.kind === 'advisory' ? 'warning' : 'error'
  return { weight: 7.5, annotation: annotationOf({ level, title: `${suite} › ${name}`, message: said, ...location }) }
}

/** The build goes well with it. */
const weighWarning = (finding: Finding): Weighed => weighFinding(finding, { status: 'passed' })

function weighFinding(finding: Finding, row: Pick<Row, 'status'>): Weighed {
  const { severity, rule, tool, message, detail, location, url } = finding
  const place = finding.package === undefined ? '' : `${placeOf(finding)}: `
  const said = [`${place}${message}`, detail, url].filter(part => part !== undefined).join('\n')
  const title = `${severity}: ${rule} (${tool})`
  return {
    weight: 4 + severityRank(severity),
    annotation: annotationOf({ level: levelOf(finding, row), title, message: said, ...location }),
  }
}

function levelOf({ blocking, severity }: Finding, row: Pick<Row, 'status'>): Level {
  if (blocking && isRed(row)) return 'error'
  return severityRank(severity) >= severityRank('medium') ? 'warning' : 'notice'
}

type Told = { readonly [K in keyof Annotation]: Annotation[K] | undefined } & Pick<
  Annotation,
  'level' | 'title' | 'message'
>

const annotationOf = ({ level, title, message, file, line, column }: Told): Annotation => ({
  level,
  title: cut(oneLine(title), most.title),
  message: cut(plain(message).trim(), most.message),
  ...(file === undefined ? {} : { file: oneLine(file) }),
  ...(line === undefined ? {} : { line }),
  ...(column === undefined ? {} : { column }),
})

const dataOf = (value: string): string => value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const propertyOf = (value: string): string => dataOf(value).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** A workflow command; what must be escaped is in actions/toolkit, packages/core/src/command.ts. */
export function renderCommand({ level, title, message, file, line, column }: Annotation): string {
  const properties = Object.entries({ title, file, line, col: column }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${propertyOf(String(value))}`],
  )
  return `::${level} ${properties.join(',')}::${dataOf(message)}`
}
