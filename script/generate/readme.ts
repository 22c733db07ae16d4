import type { Input } from '../../src/config/inputs.ts'
import { all, directoryOf } from './action.ts'
import type { File } from './file.ts'

/** Every README with its tables of inputs and outputs filled in, where it has the markers for them. */
export async function readmeFiles(textOf: (path: string) => Promise<string | undefined>): Promise<readonly File[]> {
  const files = await Promise.all(
    all.map(async ([name, { inputs, outputs }]) => {
      const path = `${directoryOf(name)}README.md`
      const text = await textOf(path)
      const filled = fill(
        fill(text ?? '', 'inputs', inputTable(inputs)),
        'outputs',
        table(['output', 'what it is'], outputs.map(rowOf)),
      )
      return text === undefined ? [] : [{ path, text: filled }]
    }),
  )
  return files.flat()
}

/** Replaces what is between `<!-- name -->` and `<!-- /name -->`. */
function fill(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  return from < 0 || to < from ? text : `${text.slice(0, from)}${start}\n${content}\n${text.slice(to)}`
}

const inputTable = (inputs: readonly Input[]): string =>
  table(
    ['input', 'what it is', 'default'],
    inputs.map(({ name, description, required, usual, ...input }) => [
      `\`${name}\``,
      description,
      required ? 'required' : (usual ?? input.default ?? ''),
    ]),
  )

const rowOf = ({ name, description }: { name: string; description: string }): string[] => [`\`${name}\``, description]

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.map(escaped).join(' | ')} |`).join('\n')

const escaped = (cell: string): string => cell.replaceAll('|', '\\|')
