import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'

type Env = Readonly<Record<string, string>>

/**
 * What of a run is still on this machine: images, containers, networks, volumes, builders, private files, processes.
 * `env` leads docker to the engine that the run had, where it was not the host's.
 */
export async function leftovers(
  { id, directory }: { id: string; directory: string },
  env: Env = {},
): Promise<string[]> {
  const docker = lookIn(env)
  const found = await Promise.all([
    docker('container', ['ps', '--all', '--format', '{{.Names}} {{.Labels}}'], id),
    docker('network', ['network', 'ls', '--format', '{{.Name}}'], id),
    docker('volume', ['volume', 'ls', '--format', '{{.Name}}'], id),
    docker('builder', ['buildx', 'ls', '--format', '{{.Name}}'], id),
    docker('image', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'], id),
    images(directory, env),
    privateFiles(directory),
    processes(id),
  ])
  return found.flat()
}

const lookIn =
  (env: Env) =>
  async (kind: string, argv: readonly string[], id: string): Promise<string[]> => {
    const { stdout } = await execa('docker', argv, { env })
    const lines = new Set(stdout.split('\n').filter(line => line.includes(id)))
    return [...lines].map(line => `${kind} ${line}`)
  }

/** Images that the engine pulled from the run's staging; none where the run's folder is gone. */
async function images(directory: string, env: Env): Promise<string[]> {
  const text = await readFile(join(directory, 'run.json'), 'utf8').catch(() => '{"tasks":[]}')
  const { tasks }: { tasks: { value?: { repository?: string; digest?: string } | null }[] } = JSON.parse(text)
  const staged = tasks.flatMap(({ value }) => (value?.repository ? [`${value.repository}@${value.digest}`] : []))
  const looks = await Promise.all(
    staged.map(
      async name => [name, await execa('docker', ['image', 'inspect', name], { env, reject: false })] as const,
    ),
  )
  return looks.filter(([, { exitCode }]) => exitCode === 0).map(([name]) => `image ${name}`)
}

/** Files of a run that only its tasks may read: documents of services, logins. */
async function privateFiles(directory: string): Promise<string[]> {
  const names = await readdir(join(directory, 'private'), { recursive: true }).catch(() => [])
  return names.map(name => `file ${name}`)
}

/** Command lines of all processes with this text in them. */
async function processes(text: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const lines = await Promise.all(ids.map(id => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter(line => line.includes(text)).map(line => `process ${line.replaceAll('\0', ' ')}`)
}
