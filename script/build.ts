import { execFileSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ncc from '@vercel/ncc'
import { actions } from '../src/config/inputs.ts'

/**
 * Builds `dist/`: the shared bundle with its lazy chunks, the workers apart, and an entry stub for each action.
 * With `--check` it builds elsewhere, names the files that differ from `dist/`, and fails when there are any.
 */
const root = join(import.meta.dirname, '..')
const emitted = join(root, '.build')

type Files = Map<string, string>

async function bundle(entry: string, name: string): Promise<Files> {
  const { code, assets } = await ncc(join(emitted, entry), { cache: false, minify: true, quiet: true, license: '' })
  const chunks = Object.entries(assets).filter(([file]) => file !== 'package.json')
  return new Map([[name, code], ...chunks.map(([file, { source }]): [string, string] => [file, source.toString()])])
}

const stub = (name: string, phase: string): string =>
  `import { main } from './index.js'\nawait main({ name: '${name}', phase: '${phase}', dist: import.meta.dirname })\n`

function stubs(): Files {
  const entries = Object.keys(actions).flatMap((name): [string, string][] => [
    [`${name}.js`, stub(name, 'main')],
    [`${name}-post.js`, stub(name, 'post')],
  ])
  return new Map([...entries, ['pce.js', `#!/usr/bin/env node\n${stub('pce', 'main')}`]])
}

/**
 * The toolkit does not say that parts which nobody uses may be left out, so a copy says it: its OIDC client alone brings
 * an HTTP client that takes as long to load as all the rest of a login.
 */
async function copyToolkit(): Promise<void> {
  const name = 'node_modules/@actions/core'
  await cp(join(root, name), join(emitted, name), { recursive: true })
  const manifest = JSON.parse(await readFile(join(root, name, 'package.json'), 'utf8'))
  await writeFile(join(emitted, name, 'package.json'), JSON.stringify({ ...manifest, sideEffects: false }))
}

async function build(): Promise<Files> {
  await rm(emitted, { recursive: true, force: true })
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
    { stdio: 'inherit' },
  )
  await copyToolkit()
  const main = await bundle('src/main.js', 'index.js')
  const worker = await bundle('src/test/newman/worker.js', 'newman-worker.js')
  // Apart, since it is a process of its own; as big as all the rest, it is read by none but runs that keep mounts.
  const cache = await bundle('src/mounts/worker.js', 'cache-worker.js')
  return new Map([...main, ...worker, ...cache, ...stubs(), ['package.json', '{ "type": "module" }\n']])
}

async function present(folder: string): Promise<Files> {
  const names = await readdir(folder).catch(() => [])
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, string]> => [name, await readFile(join(folder, name), 'utf8')]),
    ),
  )
}

const files = await build()
const dist = join(root, 'dist')
if (process.argv.includes('--check')) {
  const before = await present(dist)
  const names = [...new Set([...files.keys(), ...before.keys()])]
  const stale = names.filter(name => files.get(name) !== before.get(name))
  for (const name of stale) console.error(`dist/${name} is not what the source says: run npm run build`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  await rm(dist, { recursive: true, force: true })
  await mkdir(dist, { recursive: true })
  for (const [name, text] of files) await writeFile(join(dist, name), text, { mode: name === 'pce.js' ? 0o755 : 0o644 })
  for (const [name, text] of files) console.log(`dist/${name} ${Math.ceil(text.length / 1024)} KiB`)
}
