import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'

export interface DockerShim {
  /** of the programs under test: this `docker` comes first */
  readonly PATH: string
  /** each call, in its order: argv without `docker`, and the folder that DOCKER_CONFIG named */
  calls(): Promise<readonly { readonly argv: readonly string[]; readonly config: string }[]>
  /** the Docker configuration that a build had */
  configOfBuild(): Promise<string>
}

/** `docker` as it is, which writes down how it was called. `create`: what is added where a builder is made. */
export async function openShim(folder: string, create: readonly string[] = []): Promise<DockerShim> {
  const bin = join(folder, 'bin')
  const log = join(folder, 'calls.txt')
  const kept = join(folder, 'config-of-build.json')
  const { stdout: docker } = await execa('sh', ['-c', 'command -v docker'])
  await mkdir(bin, { recursive: true })
  const added = create.map(word => `'${word}'`).join(' ')
  await writeFile(
    join(bin, 'docker'),
    `#!/bin/sh
printf '%s\\037%s\\n' "\${DOCKER_CONFIG:-}" "$(printf '%s\\037' "$@" | tr '\\n' ' ')" >>'${log}'
case "$1 $2" in
  'buildx create') shift 2; exec '${docker}' buildx create ${added} "$@" ;;
  'buildx build') [ -z "$DOCKER_CONFIG" ] || cp "$DOCKER_CONFIG/config.json" '${kept}' ;;
esac
exec '${docker}' "$@"
`,
  )
  await chmod(join(bin, 'docker'), 0o755)
  return {
    PATH: `${bin}:${process.env.PATH}`,
    async calls() {
      const lines = (await readFile(log, 'utf8')).split('\n').filter(Boolean)
      return lines.map(line => {
        const [config = '', ...argv] = line.split('\x1f').filter((word, index) => index === 0 || word !== '')
        return { argv, config }
      })
    },
    configOfBuild: () => readFile(kept, 'utf8'),
  }
}
