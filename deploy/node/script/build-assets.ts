// Copies web/ to dist/ under names that hold a hash of the content, so that browsers may keep them for ever.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, parse } from 'node:path'

export type Manifest = Readonly<Record<string, string>>

/** Writes dist/index.html, dist/assets/* and dist/manifest.json (name → hashed name). */
export function buildAssets(from: string, to: string): Manifest {
  rmSync(to, { recursive: true, force: true })
  mkdirSync(join(to, 'assets'), { recursive: true })
  const sources = readdirSync(from).filter(name => name !== 'index.html')
  const manifest = Object.fromEntries(sources.sort().map(name => [name, copyHashed(from, to, name)]))
  writeFileSync(join(to, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  writeFileSync(join(to, 'index.html'), renderPage(readFileSync(join(from, 'index.html'), 'utf8'), manifest))
  return manifest
}

function copyHashed(from: string, to: string, source: string): string {
  const content = readFileSync(join(from, source))
  const { name, ext } = parse(source)
  const hashed = `${name}.${createHash('sha256').update(content).digest('hex').slice(0, 12)}${ext}`
  writeFileSync(join(to, 'assets', hashed), content)
  return hashed
}

/** Throws when the page asks for an asset that does not exist. */
export function renderPage(page: string, manifest: Manifest): string {
  return page.replaceAll(/"\/assets\/([^"]+)"/g, (_match, name: string) => {
    const hashed = manifest[name]
    if (!hashed) throw new Error(`web/index.html asks for /assets/${name}, but there is no web/${name}`)
    return `"/assets/${hashed}"`
  })
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const manifest = buildAssets(join(root, 'web'), join(root, 'dist'))
  for (const [name, hashed] of Object.entries(manifest)) console.log(`${name} → dist/assets/${hashed}`)
}
