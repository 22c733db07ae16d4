import { plain } from './text.ts'

/** Text of an XML 1.0 document: only its characters (section 2.2), and none that is markup. */
const content = (text: string): string =>
  plain(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Line ends would become spaces in an attribute (section 3.3.3), were they not written as references. */
const attribute = (text: string): string =>
  content(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')

export type Attributes = Readonly<Record<string, string | number | undefined>>

/** An element with its children, which are XML already. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${attribute(String(value))}"`)
    .join('')
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`
}

/** An element around text. */
export const textElement = (name: string, attributes: Attributes, text: string): string =>
  element(name, attributes, text === '' ? [] : [content(text)])
