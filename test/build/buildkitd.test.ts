import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { builderConfigSchema } from '../../src/build/builder-config.ts'
import { daemonConfig } from '../../src/build/buildkitd.ts'

let context: string
beforeAll(async () => {
  context = await mkdtemp(join(tmpdir(), 'buildkitd-'))
  await writeFile(
    join(context, 'mine.toml'),
    'debug = true\n[worker.oci]\nmax-parallelism = 8\nsnapshotter = "native"\n',
  )
  await writeFile(
    join(context, 'buildkitd.default.toml'),
    '[registry."docker.io"]\nmirrors = ["company.example.com"]\n',
  )
})
afterAll(() => rm(context, { recursive: true }))

const write = (keys: object, env: Readonly<Record<string, string>> = { BUILDX_CONFIG: '/no/such/folder' }) =>
  daemonConfig(builderConfigSchema.parse(keys), { context, env })

describe('the configuration of the daemon', () => {
  it('is none where nothing is asked for: buildx takes its own default', async () => {
    expect(await write({}, { BUILDX_CONFIG: context })).toBeUndefined()
  })

  it('from plain keys', async () => {
    const text = await write({
      mirrors: { 'docker.io': ['mirror.example.com', 'mirror.gcr.io'], 'ghcr.io': 'mirror.example.com' },
      ca: { 'registry.example.com:5000': 'certs/ca.pem', 'docker.io': '/etc/ssl/mirror.pem' },
      'max-parallelism': 4,
      'keep-storage': '20 GB',
    })
    expect(text).toBe(`[registry."docker.io"]
mirrors = [ "mirror.example.com", "mirror.gcr.io" ]
ca = [ "/etc/ssl/mirror.pem" ]

[registry."ghcr.io"]
mirrors = [ "mirror.example.com" ]

[registry."registry.example.com:5000"]
ca = [ "${context}/certs/ca.pem" ]

[worker.oci]
max-parallelism = 4
gc = true
maxUsedSpace = 20000000000
`)
  })

  it('adds plain keys to a file, to inline text, and to buildx’s default where there is neither', async () => {
    const keys = { 'max-parallelism': 2 }
    expect(await write({ ...keys, 'buildkitd-config': 'mine.toml' })).toBe(
      'debug = true\n\n[worker.oci]\nmax-parallelism = 2\nsnapshotter = "native"\n',
    )
    expect(await write({ ...keys, 'buildkitd-config-inline': '[worker.oci]\ngc = false' })).toBe(
      '[worker.oci]\ngc = false\nmax-parallelism = 2\n',
    )
    expect(await write({ ...keys, mirrors: { 'ghcr.io': 'm' } }, { BUILDX_CONFIG: context })).toBe(
      '[registry."docker.io"]\nmirrors = [ "company.example.com" ]\n\n[registry."ghcr.io"]\nmirrors = [ "m" ]\n\n[worker.oci]\nmax-parallelism = 2\n',
    )
  })

  it('the user’s own stands in place of buildx’s default', async () => {
    expect(await write({ 'buildkitd-config-inline': 'debug = true' }, { BUILDX_CONFIG: context })).toBe(
      'debug = true\n',
    )
  })

  it('that is not there, or no TOML, is bad input', async () => {
    await expect(write({ 'buildkitd-config': 'no.toml' })).rejects.toThrow(
      `builder.buildkitd-config: no.toml can't be read in ${context}`,
    )
    await expect(write({ 'buildkitd-config-inline': 'debug = yes' })).rejects.toThrow(
      /^builder\.buildkitd-config-inline is no TOML: Invalid TOML document: /,
    )
  })
})
