import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import semver from 'semver'
import { OutsideError } from '../../src/errors.ts'
import { engineSettings } from '../../test/support/offline/engine.ts'
import { type GoProgram, goProgram } from '../../test/support/offline/go.ts'
import { aptInstall } from './apt.ts'
import { isRunning, startDaemon } from './daemon.ts'
import type { Found, Part, Setup } from './part.ts'
import { ask } from './run.ts'

/** env.sh knows the socket too. One for the host, as the first engine's is. */
const RUN = '/run/pce-current'
const SOCKET = `unix://${RUN}/docker.sock`
const BRIDGE = 'pce-current'
/** Of its bridge and of every network that it makes; the first engine takes from 172.16.0.0/12 and 192.168.0.0/16. */
const subnets = { bridge: '10.213.0.1/24', pool: '10.213.0.0/16' }

/**
 * A second engine beside the host's: today's, which keeps images in containerd's store, so that what differs there is
 * tested too. Where the host's own engine is such a one, it serves.
 */
export const currentEngine: Part = {
  name: 'current engine',
  goals: ['test'],
  without: 'nothing is tested on an engine with the containerd image store; those tests are skipped',
  async probe(setup) {
    const [own, second] = await Promise.all([containerdEngine(setup), containerdEngine(setup, SOCKET)])
    if (own) return { how: 'found', version: own, where: 'the host’s own engine' }
    return second ? { how: 'found', version: second, where: SOCKET } : undefined
  },
  install: installCurrent,
}

async function installCurrent(setup: Setup): Promise<Found> {
  if (process.platform !== 'linux') throw new OutsideError('a second engine is started on Linux alone')
  const folder = join(setup.tools, 'engine-current')
  const programs = await obtainPrograms(setup, join(folder, 'bin'))
  await start(setup, { folder, programs })
  const version = await containerdEngine(setup, SOCKET)
  if (!version) throw new OutsideError(`the engine on ${SOCKET} was started, but has no containerd image store`)
  return { how: 'started', version, where: SOCKET }
}

/** The version of an engine that keeps images in containerd's store; undefined when none answers, or another. */
async function containerdEngine(setup: Setup, host?: string): Promise<string | undefined> {
  const where = host === undefined ? [] : (['--host', host] as const)
  const text = await ask(setup, 'docker', ...where, 'info', '--format', '{{.ServerVersion}} {{.DriverStatus}}')
  return text?.includes('io.containerd.snapshotter') ? text.split(' ', 1)[0] : undefined
}

const goPrograms: readonly GoProgram[] = ['dockerd', 'docker-proxy', 'containerd', 'containerd-shim-runc-v2', 'runc']

/** A folder with the engine's programs; undefined where those of the host serve, which come in one package. */
async function obtainPrograms(setup: Setup, folder: string): Promise<string | undefined> {
  const version = semver.coerce(await ask(setup, 'dockerd', '--version'))
  if (version && semver.gte(version, '28.0.0')) return undefined
  const seccomp = ['pkg-config', '--exists', 'libseccomp'] as const
  if ((await ask(setup, ...seccomp)) === undefined) await aptInstall(setup, ['libseccomp-dev', 'pkg-config', 'gcc'])
  await mkdir(folder, { recursive: true })
  for (const name of goPrograms) {
    const path = await goProgram(setup, name)
    await rm(join(folder, name), { force: true })
    await symlink(path, join(folder, name))
  }
  return folder
}

interface Place {
  readonly folder: string
  readonly programs: string | undefined
}

async function start(setup: Setup, { folder, programs }: Place): Promise<void> {
  if (await comesUp(setup)) return
  const config = join(folder, 'daemon.json')
  const settings = { ...(await settingsOf(folder)), ...((await setup.offline()) ? await engineSettings(setup) : {}) }
  await mkdir(folder, { recursive: true })
  await writeFile(config, JSON.stringify(settings, undefined, 2))
  const path = [programs, setup.env.PATH].filter(Boolean).join(':')
  const asRoot = process.getuid?.() === 0 ? (['env'] as const) : (['sudo', '--non-interactive', 'env'] as const)
  const script = join(import.meta.dirname, 'engine-current')
  await startDaemon(setup, {
    argv: [...asRoot, `PATH=${path}`, script, RUN, BRIDGE, subnets.bridge, subnets.pool, config],
    log: join(folder, 'dockerd.log'),
    deadline: 60_000,
    ready: async () => (await containerdEngine(setup, SOCKET)) !== undefined,
  })
}

/** Waits for an engine that is just starting; one that is just being killed still counts as running for a moment. */
async function comesUp(setup: Setup): Promise<boolean> {
  for (let tries = 0; tries < 50 && (await isRunning(join(RUN, 'docker.pid'), 'dockerd')); tries++) {
    if (await containerdEngine(setup, SOCKET)) return true
    await wait(200, undefined, { signal: setup.signal })
  }
  return false
}

/**
 * `daemon.json` of an engine that shares nothing with the first one: docs.docker.com, "dockerd", "Run multiple daemons".
 * Both would own the same chains of iptables, so this one leaves them alone; the script makes the two rules it needs.
 */
const settingsOf = async (folder: string) => ({
  hosts: [SOCKET],
  group: String(process.getgid?.() ?? 0),
  pidfile: join(RUN, 'docker.pid'),
  'exec-root': join(RUN, 'exec'),
  'data-root': join(folder, 'data'),
  // Where the host runs a containerd, the engines share it, but no container and no image.
  'containerd-namespace': 'pce-current',
  'containerd-plugins-namespace': 'pce-current-plugins',
  bridge: BRIDGE,
  'default-address-pools': [{ base: subnets.pool, size: 24 }],
  // Without it an engine with pools of its own deletes docker0 as it starts again, which is the first engine's
  // (moby/moby, daemon/daemon_unix.go, "Clear stale bridge network").
  'live-restore': true,
  iptables: false,
  ip6tables: false,
  features: { 'containerd-snapshotter': true },
})
