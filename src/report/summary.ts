import type { Record } from '../record/record.ts'
import { withinBudget } from './budget.ts'
import { code, table, text } from './markdown.ts'
import { renderMore } from './more.ts'
import { type Address, renderRed } from './red.ts'
import { headline, isRed, nameOf, type Row, rowsOf, stateOf, subjectsOf } from './rows.ts'
import { capital, count, timeOf } from './text.ts'
import { totalOf } from './timing.ts'

/** `source`: where files of this revision can be read, `https://github.com/acme/web/blob/<commit>`. */
export interface SummaryOptions {
  readonly source?: string | undefined
  /** bytes */
  readonly budget?: number
}

const most = { rows: 300, images: 8 }

/**
 * The job summary: GitHub's Markdown, most valuable first. GitHub refuses a summary over 1 MiB and then shows nothing
 * (docs.github.com, "Adding a job summary", "Step isolation and limits"), so it ends at 900 KiB.
 */
export function renderSummary(record: Record, { source, budget = 900 * 1024 }: SummaryOptions = {}): string {
  const rows = rowsOf(record)
  const addressOf = addressesBelow(source)
  const blocks = [
    renderStatus(record),
    ...renderRows(rows),
    ...rows.filter(isTelling).flatMap(row => renderRed(row, addressOf)),
    ...renderPushed(record),
    ...renderMore(record, addressOf),
  ]
  return withinBudget(blocks, budget)
}

/** A cancelled task has nothing to tell but its reason, which the table holds. */
const isTelling = (row: Row): boolean =>
  isRed(row) && (row.status !== 'cancelled' || row.findings.length > 0 || row.tests.length > 0)

const addressesBelow =
  (source: string | undefined): Address =>
  (file, line) =>
    source === undefined
      ? undefined
      : `${source}/${file.split('/').map(encodeURIComponent).join('/')}${line === undefined ? '' : `#L${line}`}`

function renderStatus(record: Record): string {
  const { outcome, revision } = record
  const subjects = subjectsOf(record)
  const shown = subjects.slice(0, most.images).map(image => `${text(nameOf(image))} ${code(image.digest)}`)
  const rest = subjects.length > most.images ? [`and ${count(subjects.length - most.images, 'more image')}`] : []
  const images = subjects.length === 0 ? 'no image' : [...shown, ...rest].join(', ')
  const commit = `commit ${code(revision.commit.slice(0, 12))}${revision.dirty ? ' with local changes' : ''}`
  const ref = revision.ref === '' ? '' : ` of ${code(revision.ref)}`
  return `**${capital(outcome)}**: ${images}; ${commit}${ref}, ${timeOf(totalOf(record))}`
}

function renderRows(rows: readonly Row[]): string[] {
  if (rows.length === 0) return []
  const cells = rows
    .slice(0, most.rows)
    .map(row => [
      code(row.task),
      code(row.about),
      isRed(row) ? `**${stateOf(row)}**` : stateOf(row),
      text(headline(row)),
      row.duration === undefined ? '' : timeOf(row.duration),
    ])
  const all = table(['task', 'about', 'status', 'reason', 'time'], cells)
  return [rows.length > most.rows ? `${all}\n\nAnd ${count(rows.length - most.rows, 'more verdict')}.` : all]
}

function renderPushed({ pushed }: Record): string[] {
  if (pushed.length === 0) return []
  const rows = pushed.map(({ reference, digest }) => [code(reference), code(digest)])
  return [`### Pushed\n\n${table(['reference', 'digest'], rows)}`]
}
