import { stringify } from 'yaml'
import { type Action, type ActionName, actions, type Input } from '../../src/config/inputs.ts'
import type { File } from './file.ts'

const icons: Readonly<Record<ActionName, string>> = {
  root: 'package',
  build: 'box',
  check: 'check-square',
  scan: 'shield',
  test: 'activity',
  push: 'upload-cloud',
  login: 'log-in',
}

// The entries of an object keep the type of their names, which Object.entries forgets.
export const all = Object.entries(actions) as [ActionName, Action][]

/** The directory of an action in the repository; empty for the root. */
export const directoryOf = (name: ActionName): string =>
  name === 'root' ? '' : name === 'build' ? 'build/' : `actions/${name}/`

/** The metadata of every action. */
export const actionFiles = (): readonly File[] =>
  all.map(([name, action]) => ({ path: `${directoryOf(name)}action.yml`, text: render(name, action) }))

function render(name: ActionName, { description, inputs, outputs, post, ...action }: Action): string {
  const dist = `${'../'.repeat(directoryOf(name).split('/').length - 1)}dist/${name}`
  const metadata = {
    name: action.name,
    description,
    branding: { icon: icons[name], color: 'blue' },
    inputs: Object.fromEntries(inputs.map(input => [input.name, inputOf(input)])),
    outputs: Object.fromEntries(outputs.map(output => [output.name, { description: output.description }])),
    runs: { using: 'node24', main: `${dist}.js`, ...(post ? { post: `${dist}-post.js`, 'post-if': 'always()' } : {}) },
  }
  return `# Made by script/generate.ts from src/config/inputs.ts: change it there.\n${stringify(metadata, { lineWidth: 0 })}`
}

const inputOf = ({ description, required = false, usual, ...input }: Input) => ({
  description: usual === undefined ? description : `${description} (default: ${usual})`,
  required,
  ...(input.default === undefined ? {} : { default: input.default }),
})
