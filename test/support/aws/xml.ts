import { randomUUID } from 'node:crypto'
import type { Refusal } from './refusal.ts'
import type { Answer } from './server.ts'

/** A tree of elements; an element that is undefined is left out. */
export interface Elements {
  readonly [name: string]: string | number | Elements | undefined
}

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

/** The answer of an action in the Query protocol. */
export function xmlResult(action: string, result: Elements): Answer {
  const requestId = randomUUID()
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } }
  return xml(200, requestId, `<${action}Response xmlns="${namespace}">\n${render(content)}</${action}Response>\n`)
}

/** An error in the Query protocol (whole answers in mozilla-aws-cli#146, aws-sdk-rust#827). */
export function xmlError({ code, message, status }: Pick<Refusal, 'code' | 'message' | 'status'>): Answer {
  const requestId = randomUUID()
  const error = { Type: status >= 500 ? 'Receiver' : 'Sender', Code: code, Message: message }
  const body = `<ErrorResponse xmlns="${namespace}">\n${render({ Error: error, RequestId: requestId })}</ErrorResponse>\n`
  return { ...xml(status, requestId, body), code }
}

const xml = (status: number, requestId: string, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body,
})

/** Elements as indented XML. */
export function render(elements: Elements, indent = '  '): string {
  return Object.entries(elements)
    .map(([name, value]) => {
      if (value === undefined) return ''
      const content =
        typeof value === 'object' ? `\n${render(value, `${indent}  `)}${indent}` : escapeText(String(value))
      return `${indent}<${name}>${content}</${name}>\n`
    })
    .join('')
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeText = (text: string): string => text.replaceAll(/[&<>"]/g, char => escapes[char] ?? char)
