import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { actionFiles } from './generate/action.ts'
import { readmeFiles } from './generate/readme.ts'
import { schemaFiles } from './generate/schema.ts'

/**
 * Writes what is made from the schemas: action.yml files, tables in READMEs, JSON Schemas. With `--check` it writes
 * nothing, names the files that differ, and fails when there are any.
 */
const root = join(import.meta.dirname, '..')

const textOf = (path: string): Promise<string | undefined> =>
  readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
  console.log(`Wrote ${path}`)
}

const files = [...actionFiles(), ...schemaFiles(), ...(await readmeFiles(textOf))]
const present = await Promise.all(files.map(async file => ({ ...file, present: await textOf(file.path) })))
const stale = present.filter(file => file.text !== file.present)

if (process.argv.includes('--check')) {
  for (const { path } of stale) console.error(`${path} is not what the schemas say: run npm run generate`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const { path, text } of stale) await write(path, text)
}
