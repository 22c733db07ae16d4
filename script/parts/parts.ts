import { readFile } from 'node:fs/promises'
import { database } from './database.ts'
import { debianPart } from './debian.ts'
import { engine } from './engine.ts'
import { currentEngine } from './engine-current.ts'
import { images } from './hub.ts'
import type { Engine, Goal, Part } from './part.ts'
import { pluginPart, programPart } from './programs.ts'
import { qemu } from './qemu.ts'

const both: readonly Goal[] = ['demo', 'test']
const tests: readonly Goal[] = ['test']

/** script/setup made sure of both before this could run, and says what it did. */
const node: Part = bootstrapped('Node', process.env.PCE_SETUP_NODE, async () => [process.version, process.execPath])
const packages: Part = bootstrapped('npm packages', process.env.PCE_SETUP_PACKAGES, async () => {
  const lock: { version: string } = JSON.parse(await readFile('package-lock.json', 'utf8'))
  return [`lock of ${lock.version}`, 'node_modules']
})

/** In the order of installation: later parts use earlier ones, and the longest build comes last. */
const parts: readonly Part[] = [
  node,
  packages,
  engine,
  pluginPart({ name: 'docker-buildx', command: 'buildx', goals: both, without: 'nothing can be built' }),
  pluginPart({ name: 'docker-compose', command: 'compose', goals: both, without: 'services can’t be started' }),
  images,
  programPart({ name: 'regctl', goals: both, without: 'images can’t be copied or tagged in a registry' }),
  programPart({ name: 'hadolint', goals: both, without: 'Dockerfiles are not checked' }),
  programPart({ name: 'actionlint', goals: tests, without: 'workflow files are not checked' }),
  programPart({ name: 'zizmor', goals: tests, without: 'workflow files are not checked for security' }),
  programPart({ name: 'act', goals: tests, without: 'whole workflows are not run' }),
  debianPart({ name: 'skopeo', without: 'a login is not tried with skopeo' }),
  debianPart({
    name: 'openssh-server',
    // It is on nobody's PATH but root's, and tells its version by the stream for errors.
    ask: ['sh', '-c', '/usr/sbin/sshd -V 2>&1'],
    without: 'a builder behind ssh is not tried',
  }),
  debianPart({ name: 'strace', without: 'it is not seen which files a login opens' }),
  qemu,
  currentEngine,
  programPart({ name: 'trivy', goals: both, without: 'nothing is scanned' }),
  database,
]

export const partsFor = (goal: Goal, engine: Engine): readonly Part[] =>
  parts.filter(part => part.goals.includes(goal) || (engine === 'current' && part === currentEngine))

function bootstrapped(name: string, how: string | undefined, look: () => Promise<readonly [string, string]>): Part {
  const probe = async () => {
    const [version, where] = await look()
    return { how: how === 'installed' ? ('installed' as const) : ('found' as const), version, where }
  }
  return { name, goals: both, without: 'nothing runs', probe, install: probe }
}
