import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'

/** The built actions, as the runner starts them; `PCE_DIST` names another build. */
const dist = process.env.PCE_DIST ?? join(import.meta.dirname, '../../../dist')

type Texts = Readonly<Record<string, string>>

interface Step {
  /** inputs of the action by name */
  readonly with?: Texts
  readonly env?: Texts
  /** argv of a program that starts the action's */
  readonly under?: readonly string[]
}

/** How a step ended. */
export interface Ended {
  readonly exitCode: number | undefined
  /** all that it wrote, with what differs from run to run replaced by its name */
  readonly stdout: string
  readonly raw: string
  readonly stderr: string
  readonly outputs: Texts
  /** what later steps get */
  readonly exported: Texts
  readonly state: Texts
}

interface Running {
  readonly pid: number
  /** resolves when this was written */
  says(text: string): Promise<void>
  interrupt(): void
  readonly ended: Promise<Ended>
}

/** A job on a runner of its own: folders for its files, a home, and nothing of the environment of these tests. */
export interface Job extends AsyncDisposable {
  readonly root: string
  /** of the user: `.docker/config.json` is below */
  readonly home: string
  /** RUNNER_TEMP */
  readonly temp: string
  readonly env: Texts
  start(step: Step): Running
  login(step: Step): Promise<Ended>
  /** the step after the job, of a step that ended so */
  post(ended: Pick<Ended, 'state'>, env?: Texts, under?: readonly string[]): Promise<Ended>
}

export async function openJob(env: Texts = {}): Promise<Job> {
  const root = await mkdtemp(join(tmpdir(), 'login-job-'))
  const [home, temp] = [join(root, 'home'), join(root, 'temp')]
  await Promise.all([mkdir(home), mkdir(temp)])
  const base = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    RUNNER_TEMP: temp,
    GITHUB_ACTIONS: 'true',
    GITHUB_RUN_ID: '9876543210',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_REPOSITORY: 'acme/web',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_ACTOR: 'octocat',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...env,
  }
  let steps = 0
  const start = (file: string, more: Texts, under: readonly string[] = []): Running => {
    steps += 1
    return startStep({ under, file, folder: join(root, `step-${steps}`), temp, env: { ...base, ...more } })
  }
  const login = ({ with: inputs = {}, env: more = {}, under }: Step) =>
    start('login.js', { ...more, ...inputsOf(inputs) }, under)
  return {
    root,
    home,
    temp,
    env: base,
    start: login,
    login: step => login(step).ended,
    post: ({ state }, more = {}, under) => start('login-post.js', { ...more, ...stateOf(state) }, under).ended,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

const inputsOf = (inputs: Texts): Texts =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))
const stateOf = (state: Texts): Texts =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]))

interface Start {
  readonly under: readonly string[]
  readonly file: string
  readonly folder: string
  readonly temp: string
  readonly env: Texts
}

const files = ['ENV', 'OUTPUT', 'STATE', 'PATH', 'STEP_SUMMARY'] as const

function startStep({ under, file, folder, temp, env }: Start): Running {
  const paths = Object.fromEntries(files.map(name => [`GITHUB_${name}`, join(folder, name)]))
  // A runner makes them before the step is there.
  mkdirSync(folder)
  for (const path of Object.values(paths)) writeFileSync(path, '')
  const [program = '', ...argv] = [...under, process.execPath, join(dist, file)]
  const child = execa(program, argv, {
    cwd: folder,
    env: { ...env, ...paths },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
  })
  let heard = ''
  child.stdout.on('data', chunk => {
    heard += chunk
  })
  const ended = child.then(async ({ exitCode, stdout, stderr }) => ({
    exitCode,
    stdout: steady(stdout, temp),
    raw: stdout,
    stderr,
    outputs: await pairsIn(join(folder, 'OUTPUT')),
    exported: await pairsIn(join(folder, 'ENV')),
    state: await pairsIn(join(folder, 'STATE')),
  }))
  return {
    pid: child.pid ?? 0,
    ended,
    interrupt: () => child.kill('SIGINT'),
    async says(text) {
      for (let tries = 0; !heard.includes(text); tries += 1) {
        if (tries > 500) throw new Error(`did not say ${text}:\n${heard}`)
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
  }
}

/** `name<<delimiter`, the value, the delimiter (docs.github.com, "Workflow commands, multiline strings"). */
async function pairsIn(path: string): Promise<Texts> {
  const text = await readFile(path, 'utf8')
  const found = text.matchAll(/^(.+?)<<(\S+)\n([\s\S]*?)\n\2$/gm)
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]))
}

/** Secrets by what they are, in the order in which a form is looked for. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/, 'ID TOKEN'],
  [/^A[SK]IA[A-Z0-9]{16}$/, 'KEY ID'],
  [/^IQoJ/, 'SESSION TOKEN'],
  [/^QVdTO/, 'AUTHORIZATION'],
  [/^[\w-]{64}$/, 'BEARER'],
  [/^[A-Za-z0-9+/]{40}$/, 'SECRET KEY'],
  [/^[A-Za-z0-9+/=]{120,}$/, 'ECR PASSWORD'],
]

const steady = (text: string, temp: string): string =>
  text
    .replaceAll(temp, 'TEMP')
    .replaceAll(/login-[0-9a-f]{8}/g, 'login-ID')
    .replaceAll(/^::add-mask::(.*)$/gm, (_, secret: string) => `::add-mask::${nameOf(secret)}`)
    .replaceAll(/again in [\d.]+ s/g, 'again in T')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll('%0A', '\n')
    .trimEnd()

const nameOf = (secret: string): string => forms.find(([form]) => form.test(secret))?.[1] ?? secret

/** Writes the user's own Docker configuration. */
export async function writeOwn({ home }: Pick<Job, 'home'>, config: object): Promise<string> {
  const file = join(home, '.docker/config.json')
  await mkdir(join(home, '.docker'), { recursive: true })
  await writeFile(file, JSON.stringify(config))
  return file
}

/** The logins in the configuration that a step exported. */
export async function authsOf({ exported }: Ended): Promise<Texts> {
  const { auths } = JSON.parse(await readFile(join(exported.DOCKER_CONFIG ?? '', 'config.json'), 'utf8'))
  return Object.fromEntries(
    Object.entries<{ auth: string }>(auths).map(([host, { auth }]) => [
      host,
      Buffer.from(auth, 'base64')
        .toString()
        .replace(/:.{100,}/, ':PASSWORD'),
    ]),
  )
}
