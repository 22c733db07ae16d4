import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { z } from 'zod'
import { type ActionName, actions } from '../../src/config/inputs.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

it('the generated files are what the schemas say: else run npm run generate', async () => {
  const end = await promisify(execFile)(process.execPath, [join(root, 'script/generate.ts'), '--check'])
  expect(end).toEqual({ stdout: '', stderr: '' })
}, 30_000)

const metadataSchema = z.strictObject({
  name: z.string(),
  description: z.string().max(125),
  branding: z.strictObject({ icon: z.string(), color: z.string() }),
  inputs: z.record(
    z.string(),
    z.strictObject({ description: z.string(), required: z.boolean(), default: z.string().optional() }),
  ),
  outputs: z.record(z.string(), z.strictObject({ description: z.string() })),
  runs: z.strictObject({ using: z.string(), main: z.string(), post: z.string(), 'post-if': z.string() }),
})

describe('action.yml', () => {
  const cases: readonly { name: ActionName; folder: string; dist: string }[] = [
    { name: 'root', folder: '.', dist: 'dist/root' },
    { name: 'build', folder: 'build', dist: '../dist/build' },
    { name: 'check', folder: 'actions/check', dist: '../../dist/check' },
    { name: 'scan', folder: 'actions/scan', dist: '../../dist/scan' },
    { name: 'test', folder: 'actions/test', dist: '../../dist/test' },
    { name: 'push', folder: 'actions/push', dist: '../../dist/push' },
    { name: 'login', folder: 'actions/login', dist: '../../dist/login' },
  ]

  it.each(cases)('$name', async ({ name, folder, dist }) => {
    const text = await read(`${folder}/action.yml`)
    const metadata = metadataSchema.parse(parse(text))
    expect(Object.keys(metadata.inputs)).toEqual(actions[name].inputs.map(input => input.name))
    expect(Object.keys(metadata.outputs)).toEqual(actions[name].outputs.map(output => output.name))
    expect(metadata.runs).toEqual({
      using: 'node24',
      main: `${dist}.js`,
      post: `${dist}-post.js`,
      'post-if': 'always()',
    })
    // GitHub evaluates expressions in metadata, descriptions too; a default may have one.
    expect(text.replaceAll(/^ {4}default: \$\{\{ (github\.token|job\.status) \}\}$/gm, '')).not.toContain('${{')
  })
})

it('the schema of pce.yml is for editors: draft 7, described, and a single image must be whole', async () => {
  const schema = JSON.parse(await read('docs/pce.schema.json'))
  expect(schema).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'pce.yml',
    additionalProperties: false,
    properties: { app: { required: ['port'] }, platforms: { default: ['native'] } },
  })
  expect(JSON.stringify(schema.properties.images)).not.toContain('"required"')
  expect(JSON.stringify(schema)).not.toContain('"list":')
})

it('the schema of run.json knows a digest', async () => {
  const schema = JSON.parse(await read('docs/run.schema.json'))
  expect(schema.properties.images.items.properties.digest).toEqual({ type: 'string', pattern: '^sha256:[0-9a-f]{64}$' })
})
