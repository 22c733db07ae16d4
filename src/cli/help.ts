import { type ActionName, actions } from '../config/inputs.ts'
import { isFlag } from './flags.ts'

const summaries = {
  run: 'the whole pipeline, up to the gate; with --push also the push',
  plan: 'what would be done, as a tree; nothing is started',
  build: 'build the image and stage it by digest',
  check: 'source checks and the linter of the Dockerfile',
  scan: 'scan the source and the image',
  test: 'unit tests, image contract, and Postman collections against the image',
  push: 'push what the verdicts of this run clear',
  report: 'render run.json: pce report run.json --as summary|annotations|junit|terminal|json',
  lock: 'write pce.lock, which pins base images, frontends and BuildKit: pce lock run.json; which tags moved since: pce lock check',
  schema: 'print the JSON Schema of pce.yml (or of run.json: pce schema run)',
  clean: 'take down what runs of this checkout left behind',
} as const

export type CommandName = keyof typeof summaries
export const isCommand = (word: string): word is CommandName => word in summaries
export const commandNames = Object.keys(summaries)

export const renderHelp = (): string => `pce: from a commit to a checked, tested, scanned image

Usage: pce <command> [flags]

${Object.entries(summaries)
  .map(([name, summary]) => `  ${name.padEnd(8)}${summary}`)
  .join('\n')}

Flags of every command:
  --help, -h           this text, or that of a command
  --version            the version of pce
  --verbose, -v        the output of every program, not only of those that fail
  --json               the result on standard output as JSON

Registries: the login for a push comes from PCE_USERNAME and PCE_PASSWORD, or from your own docker login; that for pulls
from them from PCE_PULL_USERNAME and PCE_PULL_PASSWORD.
Exit codes: 0 every blocking verdict passed, 1 one did not, 2 bad input, 3 something outside failed, 70 a bug of pce.
`

/** The flags of one command, from the table that its action has. */
export function renderCommandHelp(command: CommandName, action: ActionName | undefined): string {
  const inputs =
    action === undefined
      ? []
      : actions[action].inputs.filter(input => isFlag(input) && !input.name.endsWith('username'))
  const lines = inputs.map(({ name, description, default: usual, usual: words }) => {
    const fallback = usual ?? words
    return `  --${name.padEnd(20)} ${description}${fallback === undefined ? '' : ` (default: ${fallback})`}`
  })
  return [`pce ${command}: ${summaries[command]}`, ...(lines.length > 0 ? ['', ...lines] : []), ''].join('\n')
}
