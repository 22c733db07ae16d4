import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { renderAuths } from '../src/login/docker-config.ts'
import { recordSchema } from '../src/record/record.ts'
import { toolsFolder } from '../src/tools/tool.ts'

const root = join(import.meta.dirname, '..')
const folder = join(toolsFolder(process.env), 'demo')
const processFile = join(folder, 'registry.pid')
const repository = 'pce-demo/shortener'

interface Registry {
  readonly host: string
  readonly username: string
  readonly password: string
}

/** Ends the registry of the demo before, if it still runs: its own process, by its id. */
function stopRegistry(): void {
  if (!existsSync(processFile)) return
  const pid = Number(readFileSync(processFile, 'utf8'))
  const command = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  if (command.includes('ecr/serve.ts')) process.kill(pid, 'SIGTERM')
  rmSync(processFile)
}

/** Starts a registry that outlives this script, so that the image can be pulled from it. */
async function startRegistry(): Promise<Registry> {
  mkdirSync(folder, { recursive: true })
  const answer = join(folder, 'registry.json')
  const output = openSync(answer, 'w', 0o600)
  const faults = openSync(join(folder, 'registry.log'), 'w')
  const argv = [join(root, 'test/support/ecr/serve.ts'), '--repository', repository, '--immutable', '--port', '0']
  const child = spawn(process.execPath, argv, { detached: true, stdio: ['ignore', output, faults] })
  child.unref()
  closeSync(output)
  closeSync(faults)
  writeFileSync(processFile, String(child.pid))
  for (let tries = 0; tries < 300; tries += 1) {
    const text = readFileSync(answer, 'utf8').trim()
    if (text !== '') return JSON.parse(text)
    if (child.exitCode !== null) break
    await sleep(100)
  }
  throw new Error(`the demo's registry did not start:\n${readFileSync(join(folder, 'registry.log'), 'utf8')}`)
}

async function demo(): Promise<void> {
  const { host, username, password } = await startRegistry()
  console.log(`\nA registry with ECR's manners listens on ${host}\n`)
  const pce = join(root, 'dist/pce.js')
  const argv = [pce, 'run', '--push', '--registries', host, '--working-directory', join(root, 'deploy/node'), '--json']
  const env = { ...process.env, PCE_USERNAME: username, PCE_PASSWORD: password }
  const run = spawnSync(process.execPath, argv, {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  if (run.status !== 0) {
    stopRegistry()
    process.exitCode = run.status ?? 1
    return
  }
  const { pushed } = recordSchema.parse(JSON.parse(run.stdout))
  const docker = join(folder, 'docker')
  mkdirSync(docker, { recursive: true })
  writeFileSync(
    join(docker, 'config.json'),
    JSON.stringify({ auths: renderAuths([{ hosts: [host], username, password }]) }),
    { mode: 0o600 },
  )
  console.log(renderNextSteps(`${host}/${repository}@${pushed[0]?.digest}`, docker))
}

const renderNextSteps = (image: string, docker: string): string => `
Pull it, by the digest that was tested:
  DOCKER_CONFIG=${docker} docker pull ${image}

Run it on its services, at http://localhost:4000 :
  IMAGE=${image} docker compose -f deploy/node/compose.yaml -f deploy/node/compose.image.yaml up --no-build --wait
  docker compose -f deploy/node/compose.yaml down --volumes

End the registry:
  script/demo stop`

const stopping = process.argv[2] === 'stop'
stopRegistry()
if (!stopping) await demo()
