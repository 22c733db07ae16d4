import type { Record } from '../record/record.ts'
import { renderAnnotations, renderCommand } from './annotations.ts'
import { renderJunit } from './junit.ts'
import { renderSummary } from './summary.ts'
import { renderTerminal } from './terminal.ts'

export const formats = ['summary', 'annotations', 'junit', 'terminal', 'json'] as const
export type Format = (typeof formats)[number]

const renderers: { readonly [F in Format]: (record: Record) => string } = {
  summary: record => renderSummary(record),
  annotations: record =>
    renderAnnotations(record)
      .map(annotation => `${renderCommand(annotation)}\n`)
      .join(''),
  junit: renderJunit,
  terminal: record => renderTerminal(record),
  json: record => `${JSON.stringify(record, undefined, 2)}\n`,
}

export const isFormat = (text: string): text is Format => formats.some(format => format === text)

/** A record as text, for `pce report run.json --as junit`. */
export const renderAs = (format: Format, record: Record): string => renderers[format](record)
