import { randomUUID } from 'node:crypto'
import { linesIn, oneLine } from '../report/text.ts'

/** The log of a step: foldable groups, lines between them, and workflow commands that only we can give. */
export interface Groups {
  /** prints lines inside the group of a task; opens it where another, or none, is open */
  inside(title: string, lines: readonly string[]): void
  /** prints lines between groups */
  between(lines: readonly string[]): void
  /** a line about the whole run, which must not close a group that is open */
  aside(line: string): void
  /** runs something that gives workflow commands by standard output */
  command(give: () => void): void
  close(): void
}

interface Paper {
  readonly print: (line: string) => void
  /** hides secrets in all that is no command of ours: a secret may be a word of a command */
  readonly mask: (text: string) => string
}

/**
 * Inside a group the output of tools stands untouched, so commands are stopped there: until the runner sees the token
 * again it takes no `::command::` or `##[command]`, ours included (docs.github.com, "Workflow commands", "Stopping and
 * starting workflow commands"; actions/runner, ActionCommandManager.cs). The token is new each time, and nobody that
 * could write to the log knows it before.
 */
export function createGroups({ print, mask }: Paper): Groups {
  const seen = new Set<string>()
  let open: { readonly title: string; token: string } | undefined

  const stop = (): string => {
    const token = randomUUID()
    print(`::stop-commands::${token}`)
    return token
  }
  const close = (): void => {
    if (open === undefined) return
    print(`::${open.token}::`)
    print('::endgroup::')
    open = undefined
  }
  const begin = (title: string): void => {
    close()
    print(`::group::${mask(oneLine(title))}${seen.has(title) ? ' (continued)' : ''}`)
    seen.add(title)
    open = { title, token: stop() }
  }
  return {
    inside(title, lines) {
      if (lines.length === 0) return
      if (open?.title !== title) begin(title)
      for (const line of lines) print(mask(line))
    },
    between(lines) {
      close()
      for (const line of lines.flatMap(linesIn)) print(harmless(mask(line)))
    },
    aside: line => print(harmless(mask(line))),
    command(give) {
      if (open === undefined) return give()
      print(`::${open.token}::`)
      give()
      open.token = stop()
    },
    close,
  }
}

/**
 * A line that the runner takes for no command. It takes `::` at the start, after white space, and `##[` anywhere
 * (actions/runner, ActionCommand.cs).
 */
const harmless = (line: string): string => line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '# #[')
