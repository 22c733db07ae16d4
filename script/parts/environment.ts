import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { standInEnvironment } from '../../test/support/offline/environment.ts'
import { HUB } from '../../test/support/offline/hub.ts'
import type { Setup } from './part.ts'
import { ask, type Caller } from './run.ts'

const DOCKER_HUB = 'https://registry-1.docker.io/v2/'

/**
 * Whether this host lives on stand-ins for Docker Hub's images. The answer of the run before shortens the wait: a host
 * that could not reach Docker Hub then is asked again, but briefly, so that a run with nothing to do stays quick.
 */
export async function decideOffline(setup: Omit<Setup, 'offline'>): Promise<boolean> {
  const before = await access(environmentFile(setup)).then(
    () => true,
    () => false,
  )
  if (await hubAnswers(before ? 1500 : 5000)) return false
  return before || !(await enginePulls(setup))
}

/** Writes what env.sh exports: nothing where the real images can be had. */
export async function writeEnvironment(setup: Setup): Promise<void> {
  const file = environmentFile(setup)
  if (!(await setup.offline())) return await rm(file, { force: true })
  const lines = Object.entries(await standInEnvironment(setup)).map(([name, value]) => `export ${name}='${value}'\n`)
  await mkdir(setup.tools, { recursive: true })
  await writeFile(`${file}.new`, lines.join(''))
  await rename(`${file}.new`, file)
}

const environmentFile = ({ tools }: Pick<Setup, 'tools'>): string => join(tools, 'environment.sh')

/** 401 is an answer: it asks for the token that a pull fetches. */
const hubAnswers = (deadline: number): Promise<boolean> =>
  fetch(DOCKER_HUB, { signal: AbortSignal.timeout(deadline) }).then(
    response => response.status < 500,
    () => false,
  )

/** An engine behind a company's mirror gets the images although Docker Hub itself is out of reach. */
async function enginePulls(caller: Caller): Promise<boolean> {
  const mirrors = await ask(caller, 'docker', 'info', '--format', '{{.RegistryConfig.Mirrors}}')
  if (mirrors === undefined || mirrors.includes(HUB)) return false
  return (await ask(caller, 'docker', 'pull', '--quiet', 'registry:3')) !== undefined
}
