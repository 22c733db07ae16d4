import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startDaemon } from '../../../script/parts/daemon.ts'
import type { Setup } from '../../../script/parts/part.ts'
import { ask } from '../../../script/parts/run.ts'
import { goProgram } from './go.ts'

/** The stand-in Docker Hub: a plain registry that only this host reaches. */
const HUB_PORT = 5970
export const HUB = `127.0.0.1:${HUB_PORT}`

/** Starts the registry if it does not answer, and its read-only twin for builders inside a container network. */
export async function startHub(setup: Setup): Promise<void> {
  if (!(await answers(HUB))) await serve(setup, { address: HUB, readonly: false })
  const bridge = await bridgeHub(setup)
  if (bridge && !(await answers(bridge))) await serve(setup, { address: bridge, readonly: true })
}

export async function hubRuns(setup: Setup): Promise<boolean> {
  const bridge = await bridgeHub(setup)
  const answered = await Promise.all([HUB, bridge].map(address => address === undefined || answers(address)))
  return answered.every(Boolean)
}

/**
 * Where a container on the engine's default network finds the hub: the host's own address there. Asked from the host,
 * since an engine doesn't always say it, and not from Node, which leaves out a bridge without containers.
 */
export async function bridgeHub(setup: Setup): Promise<string | undefined> {
  const text = await ask(setup, 'ip', '-4', '-oneline', 'address', 'show', 'docker0')
  const address = text?.match(/inet ([0-9.]+)/)?.[1]
  return address && `${address}:${HUB_PORT}`
}

interface Service {
  readonly address: string
  readonly readonly: boolean
}

async function serve(setup: Setup, { address, readonly }: Service): Promise<void> {
  const folder = join(setup.tools, 'hub')
  const name = readonly ? 'bridge' : 'hub'
  await mkdir(folder, { recursive: true })
  const config = join(folder, `${name}.json`)
  await writeFile(config, JSON.stringify(registryConfig(join(folder, 'data'), { address, readonly }), undefined, 2))
  await startDaemon(setup, {
    argv: [await goProgram(setup, 'registry'), 'serve', config],
    log: join(folder, `${name}.log`),
    env: { OTEL_TRACES_EXPORTER: 'none' },
    deadline: 20_000,
    ready: () => answers(address),
  })
}

/** JSON, which is YAML as well. */
const registryConfig = (rootdirectory: string, { address, readonly }: Service) => ({
  version: 0.1,
  log: { level: 'error', accesslog: { disabled: true } },
  storage: {
    filesystem: { rootdirectory },
    delete: { enabled: true },
    maintenance: { readonly: { enabled: readonly } },
  },
  http: { addr: address },
})

const answers = (address: string): Promise<boolean> =>
  fetch(`http://${address}/v2/`, { signal: AbortSignal.timeout(2000) }).then(
    response => response.ok,
    () => false,
  )
