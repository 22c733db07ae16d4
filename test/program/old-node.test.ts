import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from '@jest/globals'
import { execa } from 'execa'

const main = pathToFileURL(join(import.meta.dirname, '../../src/main.ts')).href
const script = `
Object.defineProperty(process.versions, 'node', { value: '22.14.0' })
const { main } = await import('${main}')
await main({ name: 'pce', phase: 'main', dist: '.' })
`

it('a Node.js that is too old is said, before anything of it is used', async () => {
  const options = { reject: false } as const
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['--input-type=module', '-e', script], options)
  expect([exitCode, stdout, stderr]).toEqual([
    2,
    '',
    'pce needs Node.js 24 or newer, and this is 22.14.0: nodejs.org/download',
  ])
})
