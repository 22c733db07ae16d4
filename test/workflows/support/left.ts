import { execa } from 'execa'

/** What an engine still has of one run. */
export interface Left {
  readonly containers: readonly string[]
  readonly networks: readonly string[]
  readonly volumes: readonly string[]
  readonly builders: readonly string[]
}

export const nothing: Left = { containers: [], networks: [], volumes: [], builders: [] }

/** Names of all that belongs to a run, by its id: its project and its builder are named after it. */
export async function leftOf(run: string): Promise<Left> {
  const docker = async (...argv: string[]): Promise<string[]> => {
    const { stdout } = await execa('docker', argv, { stdin: 'ignore' })
    return stdout.split('\n').filter(name => name.includes(run))
  }
  return {
    containers: await docker('ps', '--all', '--format', '{{.Names}} {{.Labels}}'),
    networks: await docker('network', 'ls', '--format', '{{.Name}}'),
    volumes: await docker('volume', 'ls', '--format', '{{.Name}}'),
    builders: await docker('buildx', 'ls', '--format', '{{.Name}}'),
  }
}

/** The id of the run that an action gave as its output `run`. */
export const idOf = (directory: string | undefined): string => directory?.split('/').at(-1) ?? 'no run'
