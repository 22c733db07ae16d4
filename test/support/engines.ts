import { execa } from 'execa'

type Env = Readonly<Record<string, string>>

/** Environment in which docker reaches an engine with the classic image store; undefined where there is none. */
export const classicEngine = async (): Promise<Env | undefined> =>
  (await hasContainerdStore({})) === false ? {} : undefined

/** The same with the containerd image store: the one that setup started beside the host's, or the host's own. */
export async function currentEngine(): Promise<Env | undefined> {
  const address = process.env.PCE_TEST_ENGINE_CURRENT
  const env: Env = address === undefined ? {} : { DOCKER_HOST: address }
  return (await hasContainerdStore(env)) === true ? env : undefined
}

/** Undefined when no engine answers. */
async function hasContainerdStore(env: Env): Promise<boolean | undefined> {
  const end = await execa('docker', ['info', '--format', '{{.DriverStatus}}'], { env, reject: false })
  return end.exitCode === 0 ? end.stdout.includes('io.containerd.snapshotter') : undefined
}
