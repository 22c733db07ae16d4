import sax from 'sax'
import { UserError } from '../errors.ts'

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

/** Reads XML into elements; `path` is for messages. @throws UserError with line and column when it is not whole or no XML. */
export function parseXml(xml: string, path: string): Element {
  const parser = sax.parser(true)
  const document: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [document]
  const addText = (text: string) => {
    const current = open.at(-1)
    if (current !== undefined) current.text += text
  }
  parser.onopentag = ({ name, attributes }) => {
    const element: Element = {
      name,
      attributes: Object.fromEntries(Object.entries(attributes).map(textual)),
      children: [],
      text: '',
    }
    open.at(-1)?.children.push(element)
    open.push(element)
  }
  parser.onclosetag = () => open.pop()
  parser.ontext = addText
  parser.oncdata = addText
  parser.onerror = error => {
    const [reason = ''] = error.message.split('\n', 1)
    throw new UserError(`${path}:${parser.line + 1}:${parser.column + 1}: not valid XML: ${reason}`, { cause: error })
  }
  parser.write(xml).close()
  const [root, second] = document.children
  if (root === undefined || second !== undefined)
    throw new UserError(`${path}: not a JUnit report: it has no single root`)
  return root
}

const textual = ([name, value]: [string, string | sax.QualifiedAttribute]): [string, string] => [name, String(value)]
