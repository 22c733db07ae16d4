import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, it } from '@jest/globals'

/** Rooms in the order in which they may know each other: a room imports from itself and from rows above its own. */
const rows = [
  ['errors.ts', 'schema'],
  ['record'],
  ['task'],
  ['disk', 'program'],
  ['tools'],
  ['docker', 'registry', 'github'],
  ['aws'],
  ['run'],
  ['gate', 'mounts', 'cache'],
  ['build', 'check', 'scan', 'contract', 'test', 'login', 'push', 'tags'],
  ['config'],
  ['pipeline'],
  ['report'],
  ['host'],
  ['perform.ts'],
  ['cli', 'actions'],
  ['main.ts'],
]
const src = join(import.meta.dirname, '../src')
const files = globSync('**/*.ts', { cwd: src }).filter(file => !file.endsWith('.d.ts'))
const roomOf = (path: string): string => path.split('/', 1)[0] ?? path
const rowOf = (room: string): number => rows.findIndex(row => row.includes(room))
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].flatMap(
    ([, path]) => path ?? [],
  )

it('every file is in a room that has a place', () => {
  expect(files.length).toBeGreaterThan(50)
  expect(files.filter(file => rowOf(roomOf(file)) === -1)).toEqual([])
})

it('imports go one way, and no stage knows another', () => {
  const wrong = files.flatMap(file =>
    importsOf(file)
      .filter(path => path.startsWith('.'))
      .map(path => normalize(join(dirname(file), path)))
      .filter(path => roomOf(path) !== roomOf(file) && rowOf(roomOf(path)) >= rowOf(roomOf(file)))
      .map(path => `${file} imports ${path}`),
  )
  expect(wrong).toEqual([])
})

it('only the host knows the toolkit of GitHub Actions', () => {
  const wrong = files.filter(file => roomOf(file) !== 'host' && importsOf(file).includes('@actions/core'))
  expect(wrong).toEqual([])
})
