import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { OutsideError } from '../../src/errors.ts'
import { engineSettings } from '../../test/support/offline/engine.ts'
import { aptInstall } from './apt.ts'
import { dropStalePid, isRunning, startDaemon } from './daemon.ts'
import type { Found, Part, Setup } from './part.ts'
import { ask, run } from './run.ts'

const PID_FILE = '/var/run/docker.pid'

export const engine: Part = {
  name: 'Docker engine',
  goals: ['demo', 'test'],
  without: 'nothing can be built or run; tests that need the engine are skipped',
  probe: setup => engineFound(setup, 'found'),
  install: installEngine,
}

/**
 * The engine that the docker client reaches (a laptop's, a runner's) is used as it is. Only where there is none, and
 * only as root on Debian or Ubuntu, the distribution's own is installed, and started: by systemd where that runs.
 */
async function installEngine(setup: Setup): Promise<Found> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new OutsideError(
      'no Docker engine answers, and one is installed only as root on Debian or Ubuntu. Start Docker.',
    )
  }
  const present = await ask(setup, 'dockerd', '--version')
  if (!present) await aptInstall(setup, ['docker.io', 'iptables'])
  await start(setup)
  const found = await engineFound(setup, present ? 'started' : 'installed')
  if (!found) throw new OutsideError('the Docker engine was started, but the docker client does not reach it')
  return found
}

async function start(setup: Setup): Promise<void> {
  const systemd = await access('/run/systemd/system').then(
    () => true,
    () => false,
  )
  if (systemd) return void (await run(setup, { argv: ['systemctl', 'start', 'docker'] }))
  if (await comesUp(setup)) return
  await dropStalePid(PID_FILE, 'dockerd')
  await dropStalePid('/var/run/docker/containerd/containerd.pid', 'containerd')
  const folder = join(setup.tools, 'engine')
  await mkdir(folder, { recursive: true })
  const config = join(folder, 'daemon.json')
  await writeFile(config, JSON.stringify((await setup.offline()) ? await engineSettings(setup) : {}, undefined, 2))
  await startDaemon(setup, {
    argv: ['dockerd', '--config-file', config],
    log: join(folder, 'dockerd.log'),
    deadline: 60_000,
    ready: async () => (await engineFound(setup, 'started')) !== undefined,
  })
}

/** Waits for an engine that is just starting; one that is just being killed still counts as running for a moment. */
async function comesUp(setup: Setup): Promise<boolean> {
  for (let tries = 0; tries < 100 && (await isRunning(PID_FILE, 'dockerd')); tries++) {
    if (await engineFound(setup, 'started')) return true
    await wait(200, undefined, { signal: setup.signal })
  }
  return false
}

async function engineFound(setup: Setup, how: Found['how']): Promise<Found | undefined> {
  const text = await ask(setup, 'docker', 'version', '--format', '{{.Server.Version}}')
  return text ? { how, version: text, where: setup.env.DOCKER_HOST ?? '/var/run/docker.sock' } : undefined
}
