import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'

/** Files that say which packages a build installs, by the names that their package managers give them. */
const lockFile = new RegExp(
  `^(${[
    'package-lock\\.json|npm-shrinkwrap\\.json|yarn\\.lock|pnpm-lock\\.yaml|bun\\.lockb?|deno\\.lock',
    'requirements.*\\.(txt|in)|constraints.*\\.txt|poetry\\.lock|uv\\.lock|pdm\\.lock|Pipfile\\.lock|pylock.*\\.toml',
    'mix\\.lock|rebar\\.lock|go\\.sum|Cargo\\.lock|Gemfile\\.lock|composer\\.lock|Package\\.resolved|pubspec\\.lock',
    'pom\\.xml|.*gradle\\.lockfile|libs\\.versions\\.toml|verification-metadata\\.xml|build\\.sbt|deps\\.edn',
    'packages\\.lock\\.json|paket\\.lock|stack\\.yaml\\.lock|cabal\\.project\\.freeze|conan\\.lock|flake\\.lock|Podfile\\.lock',
  ].join('|')})$`,
)

/** Folders of installed packages and of Git: lock files in there are not the repository's. */
const passed = new Set(['node_modules', 'vendor', 'deps', 'target', '_build', 'build', 'dist', '__pycache__'])

/** Levels below a context that are looked at. */
const depth = 8

/** Lock files below a folder, sorted: their paths in it. A folder that can't be read has none. */
export async function findLockFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  const look = async (path: string, level: number): Promise<void> => {
    const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (entry.isFile() && lockFile.test(entry.name)) found.push(posix.join(path, entry.name))
      if (entry.isDirectory() && level < depth && !entry.name.startsWith('.') && !passed.has(entry.name))
        await look(posix.join(path, entry.name), level + 1)
    }
  }
  await look('', 0)
  return found.sort()
}

/** 16 hex digits over the names and contents of files, which are given by absolute path. */
export async function hashFiles(files: readonly { readonly name: string; readonly path: string }[]): Promise<string> {
  const hash = createHash('sha256')
  for (const { name, path } of files) {
    const content = createHash('sha256').update(await readFile(path).catch(() => ''))
    hash.update(`${name}\0${content.digest('hex')}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}
