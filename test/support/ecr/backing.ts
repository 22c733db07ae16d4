import { constants } from 'node:fs'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { leash } from './leash.ts'

/** A CNCF Distribution registry without passwords, on loopback. Disposing it ends it and its storage. */
export interface Backing extends AsyncDisposable {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string
}

/** A program on PATH, a container of the local engine, or the address of one that runs already. */
export type BackingChoice = 'program' | 'container' | URL

/** By its tag: a host that does not reach Docker Hub has a stand-in under this name. */
const image = 'registry:3'
const deadline = 60_000

/** Starts a backing registry and waits until it answers. Without a choice: the program if there is one. */
export async function openBacking(choice?: BackingChoice): Promise<Backing> {
  if (choice instanceof URL) return { origin: choice.origin, async [Symbol.asyncDispose]() {} }
  if (choice === 'container') return openContainer()
  const program = (await findOnPath('registry')) ?? (await findOnPath('docker-registry'))
  if (program !== undefined) return openProgram(program)
  if (choice === 'program') throw new Error('Neither `registry` nor `docker-registry` is on PATH')
  return openContainer()
}

async function openProgram(program: string): Promise<Backing> {
  const directory = await mkdtemp(join(tmpdir(), 'pce-registry-'))
  const config = join(directory, 'config.yml')
  const storage = { filesystem: { rootdirectory: join(directory, 'data') } }
  // JSON is YAML.
  await writeFile(config, JSON.stringify({ version: '0.1', storage, http: { addr: '127.0.0.1:0' } }))
  return start(['sh', '-c', leash, 'sh', program, 'serve', config], {
    // Distribution tells the port it was given on stderr.
    find: async stderr => /listening on (127\.0\.0\.1:\d+)/.exec(stderr)?.[1],
    clean: () => rm(directory, { recursive: true, force: true }),
  })
}

async function openContainer(): Promise<Backing> {
  const name = `pce-ecr-${process.pid}-${Date.now().toString(36)}`
  const options = ['--rm', '--interactive', '--name', name, '--label', 'pce.test=ecr', '--publish', '127.0.0.1::5000']
  const serve = ['registry', 'serve', '/etc/distribution/config.yml']
  return start(['docker', 'run', ...options, '--entrypoint', 'sh', image, '-c', leash, 'sh', ...serve], {
    async find() {
      const port = await execa('docker', ['port', name, '5000/tcp'], { reject: false })
      return /127\.0\.0\.1:\d+/.exec(port.stdout)?.[0]
    },
    async clean() {
      await execa('docker', ['rm', '--force', '--volumes', name], { reject: false })
    },
  })
}

interface Start {
  /** Gives `address:port` once it is known. */
  readonly find: (stderr: string) => Promise<string | undefined>
  readonly clean: () => Promise<void>
}

async function start([program = '', ...args]: readonly string[], { find, clean }: Start): Promise<Backing> {
  const running = execa(program, args, { stdin: 'pipe', reject: false, env: { OTEL_TRACES_EXPORTER: 'none' } })
  let stderr = ''
  let ended = false
  running.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk).slice(-20_000)
  })
  running.finally(() => {
    ended = true
  })
  const stop = async () => {
    running.stdin.end()
    const { shortMessage } = await running
    await clean()
    return shortMessage
  }
  const until = Date.now() + deadline
  for (;;) {
    const address = await find(stderr)
    if (address !== undefined && (await answers(`http://${address}`))) {
      return { origin: `http://${address}`, [Symbol.asyncDispose]: async () => void (await stop()) }
    }
    if (ended || Date.now() > until) {
      throw new Error(`No registry answers. ${(await stop()) ?? ''}\n${stderr}`)
    }
    await sleep(100)
  }
}

const answers = (origin: string): Promise<boolean> =>
  fetch(`${origin}/v2/`).then(
    answer => answer.ok,
    () => false,
  )

async function findOnPath(program: string): Promise<string | undefined> {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(directory, program)
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (directory !== '' && found) return path
  }
  return undefined
}
