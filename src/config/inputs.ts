import { type Input, inputFor, inputsFor } from './input.ts'
import { type Output, outputs } from './output.ts'
import type { Override } from './override.ts'

export type { Input } from './input.ts'

export type ActionName = keyof typeof outputs

/** One action, and one command of the terminal program (`root` is `pce run`). Input names are unique in it. */
export interface Action {
  readonly name: string
  readonly description: string
  readonly inputs: readonly Input[]
  readonly outputs: readonly Output[]
  /** whether it has a step after the job, which closes the run if this action opened it */
  readonly post: boolean
}

const where: readonly Input[] = [
  {
    name: 'config',
    description: 'Configuration file, relative to working-directory',
    usual: 'pce.yml, if there is one',
  },
  { name: 'working-directory', description: 'Directory of the repository to work in', default: '.' },
]

const credentials: readonly Input[] = [
  { name: 'username', description: 'User name for the registries; used for the push alone' },
  { name: 'password', description: 'Password or token for the registries; used for the push alone', secret: true },
]

const pulls: readonly Input[] = [
  { name: 'pull-username', description: 'User name for pulls from the registries; better one that may not push' },
  { name: 'pull-password', description: 'Password or token for pulls from the registries', secret: true },
]

const push: Input = {
  name: 'push',
  description: 'Push and tag the images, once every gate has passed',
  default: 'false',
}

const only: Input = {
  name: 'only',
  description: 'Names of the checks to run, one a line',
  usual: 'all of them',
}

const aws: readonly Input[] = inputsFor('login')

/** What a stage that only pulls may be given: nothing is made for it. */
const pullRights: readonly Input[] = [...aws.filter(({ name }) => name !== 'create-repository'), ...pulls]

const login: readonly Input[] = [
  { name: 'registries', description: 'Registry hosts to log in to, one a line', required: true },
  ...aws.filter(({ name }) => name !== 'create-repository'),
  { name: 'username', description: 'User name for registries other than ECR' },
  { name: 'password', description: 'Password or token for registries other than ECR', secret: true },
  {
    name: 'export-credentials',
    description:
      'Give the AWS credentials to the steps that follow, as AWS_ACCESS_KEY_ID and so on; gone when the job ends',
    default: 'false',
  },
]

const tests: readonly Input[] = [
  inputFor(['unit', 'target']),
  inputFor(['unit', 'run']),
  inputFor(['unit', 'junit']),
  inputFor(['unit', 'timeout'], 'unit-timeout'),
  inputFor(['compose']),
  inputFor(['app', 'port']),
  inputFor(['app', 'ready']),
  inputFor(['app', 'service']),
  inputFor(['app', 'before']),
  inputFor(['app', 'timeout'], 'ready-timeout'),
  inputFor(['newman', 'collections']),
  inputFor(['newman', 'environment']),
  inputFor(['newman', 'base-url-variable']),
  inputFor(['newman', 'min-requests']),
  inputFor(['newman', 'min-assertions']),
  inputFor(['newman', 'timeout'], 'newman-timeout'),
]

const targets: readonly Input[] = [
  inputFor(['registries']),
  inputFor(['destinations'], 'images'),
  inputFor(['tags']),
  inputFor(['flavor']),
]

const gitHubToken: Input = {
  name: 'github-token',
  description: 'Token with which a Git context is fetched from GitHub; no other host gets it',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub puts the job's token in its place
  default: '${{ github.token }}',
  secret: true,
}

const built: readonly Input[] = [inputFor(['image']), inputFor(['platforms']), inputFor(['annotations'])]

const pushBuilt: Input = {
  name: 'push',
  description:
    'Push and tag what is built at once; nothing scans or tests it, and a red verdict of this job refuses it',
  default: 'false',
}

const jobStatus: Input = {
  name: 'job-status',
  description: 'How the job ended, which the step after it asks: no layer cache is written when the job failed',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub puts the state of the job in its place
  default: '${{ job.status }}',
}

const caches: readonly Input[] = [
  inputFor(['cache', 'type'], 'cache'),
  inputFor(['cache', 'cache-from']),
  inputFor(['cache', 'cache-to']),
  inputFor(['cache', 'mode'], 'cache-mode'),
  inputFor(['cache', 'scope'], 'cache-scope'),
  inputFor(['cache', 'ref'], 'cache-ref'),
]

const builder: readonly Input[] = [
  inputFor(['builder', 'name'], 'builder'),
  inputFor(['builder', 'driver']),
  inputFor(['builder', 'driver-opts']),
  inputFor(['builder', 'endpoint']),
  inputFor(['builder', 'append']),
  inputFor(['builder', 'buildkitd-flags']),
  inputFor(['builder', 'buildkitd-config']),
  inputFor(['builder', 'buildkitd-config-inline']),
  inputFor(['builder', 'qemu']),
]

const make = (name: ActionName, description: string, inputs: readonly Input[]): Action => ({
  name: name === 'root' ? 'pce' : `pce ${name}`,
  description,
  inputs,
  outputs: outputs[name],
  post: true,
})

/** The only list of inputs and outputs: action.yml, README tables and flags are made from it. */
export const actions: Readonly<Record<ActionName, Action>> = {
  root: make(
    'root',
    'From a commit to a checked, tested, scanned image in a registry: the whole pipeline as one step',
    [...where, ...built, push, ...targets, ...aws, ...credentials, ...pulls],
  ),
  build: make('build', 'Build the image once and stage it by digest, for the steps that judge it and push it', [
    ...where,
    ...built,
    ...inputsFor('build'),
    inputFor(['cache-mounts']),
    ...caches,
    gitHubToken,
    jobStatus,
    pushBuilt,
    ...targets,
    ...aws,
    ...credentials,
    ...pulls,
    ...builder,
  ]),
  check: make('check', 'Run the source checks side by side, and lint the Dockerfile', [
    ...where,
    only,
    inputFor(['hadolint']),
  ]),
  scan: make('scan', 'Scan the source and the image, at the digest that ships', [...where, ...inputsFor('scan')]),
  test: make('test', 'Run unit tests and Postman collections against the image that ships', [
    ...where,
    ...tests,
    ...pullRights,
  ]),
  push: make('push', 'Push the image that passed every gate, by digest, and tag it', [
    ...where,
    ...targets,
    ...aws,
    ...credentials,
  ]),
  login: make('login', 'Log in to registries for the steps that follow, and log out when the job ends', login),
}

/** What the given inputs or flags say, as overrides of `pce.yml`. `from` names an input in a message: `input block`. */
export const overridesOf = (
  action: ActionName,
  read: (name: string) => string | undefined,
  from: (name: string) => string,
): Override[] =>
  actions[action].inputs.flatMap(({ name, path }) => {
    const text = path === undefined ? undefined : read(name)
    return path === undefined || text === undefined ? [] : [{ path, text, from: from(name) }]
  })
