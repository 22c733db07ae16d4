import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { runStep, type Step } from './support/action.ts'
import { type Checkout, openCheckout } from './support/checkout.ts'

const key = `-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA
q83vEiNFZ4mrze/+3LqYdlQyEP7cuph2VDIQ/ty6mA==
-----END PRIVATE KEY-----
`
const secrets = {
  token: 'ghs_0123456789abcdefghij',
  spaced: '  two spaces, a tab \t',
  json: '{"user": "me", "password": "p,w"}',
  key,
  GITHUB_TOKEN: 'pässword=€ 100%0A',
}
const values = [...Object.values(secrets), 'from a variable', 'of the job']

const accept = 'application/vnd.oci.image.manifest.v1+json'

const dockerfile = `FROM debian:bookworm-slim AS main
ARG PLAIN
ARG QUOTED
ARG LINES
ARG EMPTY=set
RUN printf '[%s]' "$PLAIN" "$QUOTED" "$LINES" "$EMPTY" > /args
RUN ${['token', 'spaced', 'json', 'key', 'GITHUB_TOKEN', 'npm-rc', 'JOB', 'binary', 'gone']
  .map(id => `--mount=type=secret,id=${id}`)
  .join(
    ' ',
  )} cd /run/secrets && sha256sum * > /sums && cat /run/secrets/* && getent hosts db.internal > /hosts && mount | grep shm > /shm
COPY --from=docs /text.txt /docs
USER 1000
`

const inputs = {
  image: 'acme/web',
  target: 'main',
  'build-args': 'PLAIN=a=b, "c" $HOME\n"QUOTED=one\ntwo ""three"""\nLINES=ü \nEMPTY=\n',
  'build-contexts': 'docs=./docs',
  labels: 'team=a, b\n"note=two\nlines"',
  'add-hosts': 'db.internal:10.1.2.3, other:10.1.2.4',
  'shm-size': '7m',
  secrets: [
    `token=${secrets.token}`,
    `spaced=${secrets.spaced}`,
    `json=${secrets.json}`,
    `"key=${key}"`,
    `GITHUB_TOKEN=${secrets.GITHUB_TOKEN}`,
    'gone?=',
    '',
  ].join('\n'),
  'secret-envs': 'npm-rc=NPM_RC,JOB=OF_JOB',
  'secret-files': 'binary=secret.bin',
  load: 'true',
  outputs: 'type=local,dest=out/rootfs\ntype=oci,"dest=out/a, b.tar"',
  'no-cache': 'false',
  provenance: 'false',
}

describe('the build action, with inputs that are awkward', () => {
  let checkout: Checkout
  let step: Step
  let layers: Buffer
  let configuration: string
  let kept: readonly (readonly [string, string])[]

  beforeAll(async () => {
    checkout = await openCheckout('small', {
      config: { tags: ['loaded-by-test'] },
      files: { Dockerfile: dockerfile, 'docs/text.txt': 'docs\n' },
    })
    await writeFile(
      join(checkout.directory, 'secret.bin'),
      Buffer.from([0, 255, 10, 32, 111, 102, 32, 98, 121, 116, 101, 115]),
    )
    step = await runStep(checkout, 'build.js', {
      inputs: { ...inputs, context: checkout.directory, file: join(checkout.directory, 'Dockerfile') },
      env: { NPM_RC: 'from a variable', OF_JOB: 'of the job' },
    })
    const [, host = '', name = '', digest = ''] = /^([^/]+)\/(.+)@(.+)$/.exec(step.outputs.image ?? '') ?? []
    const blob = async (path: string) =>
      Buffer.from(await (await fetch(`http://${host}/v2/${name}/${path}`, { headers: { accept } })).arrayBuffer())
    if (host !== '') {
      const manifest = JSON.parse((await blob(`manifests/${digest}`)).toString())
      configuration = (await blob(`blobs/${manifest.config.digest}`)).toString()
      const own: { digest: string }[] = manifest.layers.slice(1)
      layers = Buffer.concat(await Promise.all(own.map(async one => gunzipSync(await blob(`blobs/${one.digest}`)))))
    }
    await runStep(checkout, 'build-post.js', {
      env: Object.fromEntries(Object.entries(step.state).map(([id, value]) => [`STATE_${id}`, value])),
    })
    const below = await readdir(checkout.state, { recursive: true, withFileTypes: true })
    kept = await Promise.all(
      below
        .filter(entry => entry.isFile())
        .map(async ({ parentPath, name: file }) => [file, await readFile(join(parentPath, file), 'utf8')] as const),
    )
  }, 180_000)
  afterAll(async () => {
    await execa('docker', ['image', 'rm', '--force', 'acme/web:loaded-by-test'], { reject: false })
    await checkout[Symbol.asyncDispose]()
  }, 60_000)

  const file = (path: string) => readFile(join(checkout.directory, 'out/rootfs', path), 'utf8')

  it('does what they say', async () => {
    expect(step).toMatchObject({ exitCode: 0 })
    expect(await file('args')).toBe('[a=b, "c" $HOME][one\ntwo "three"][ü][]')
    expect(await file('hosts')).toMatch(/^10\.1\.2\.3\s+db\.internal\n$/)
    expect(await file('shm')).toContain('size=7168k')
    expect(await file('docs')).toBe('docs\n')
    expect(JSON.parse(configuration).config.Labels).toMatchObject({ team: 'a, b', note: 'two\nlines' })
  })

  it('gives each secret to the build byte for byte, and none that is optional and empty', async () => {
    const sum = (value: string | Buffer): string => createHash('sha256').update(value).digest('hex')
    const all = {
      ...secrets,
      'npm-rc': 'from a variable',
      JOB: 'of the job',
      binary: await readFile(join(checkout.directory, 'secret.bin')),
    }
    const expected = Object.entries(all).map(([id, value]) => `${sum(value)}  ${id}`)
    expect((await file('sums')).trim().split('\n').sort()).toEqual(expected.sort())
  })

  it('leaves no secret in layers, history, files of the run, outputs', () => {
    const texts = [...kept, ['configuration', configuration], ['outputs', JSON.stringify(step.outputs)]] as const
    expect([kept.length > 10, layers.length > 1000]).toEqual([true, true])
    const lines = values
      .flatMap(value => value.split('\n'))
      .filter(line => line.length > 8 && !line.startsWith('-----'))
    for (const line of lines) {
      expect([line, layers.includes(line)]).toEqual([line, false])
      for (const [name, text] of texts) expect([line, name, text.includes(line.trim())]).toEqual([line, name, false])
    }
  })

  it('masks each line of a secret before it prints anything', () => {
    const masks = step.stdout.split('\n').filter(line => line.startsWith('::add-mask::'))
    const shown = step.stdout
      .split('\n')
      .filter(line => !line.startsWith('::add-mask::'))
      .join('\n')
    expect(masks).toContain('::add-mask::MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA')
    expect(step.stdout.startsWith('::add-mask::')).toBe(true)
    for (const value of values)
      for (const line of value.split('\n').filter(one => one.length > 8 && !one.startsWith('-----')))
        expect([line, shown.includes(line.trim())]).toEqual([line, false])
  })

  it('loads the image into the engine under its tag, and writes an OCI layout', async () => {
    const { stdout } = await execa('docker', [
      'image',
      'inspect',
      '--format',
      '{{.Config.User}}',
      'acme/web:loaded-by-test',
    ])
    expect(stdout).toBe('1000')
    const { stdout: names } = await execa('tar', ['--list', '--file', 'out/a, b.tar'], { cwd: checkout.directory })
    expect(names.split('\n')).toEqual(expect.arrayContaining(['index.json', 'oci-layout']))
  })
})

describe('the build action refuses', () => {
  it.each([
    {
      title: 'a key without quotes, and shows none of it',
      inputs: { secrets: `key=${key}` },
      error: 'input secrets: line 2 is not ID=value (not shown)%0AA value of several lines stands in quotes',
    },
    {
      title: 'a registry as a further output',
      inputs: { outputs: 'type=registry' },
      error: 'input outputs  build.outputs[0]: found "type=registry", expected an output on this machine',
    },
    {
      title: 'several at once',
      inputs: { network: 'bridge', pull: 'maybe', ssh: 'a b' },
      error:
        'input ssh  build.ssh[0]: found "a b", expected default, or an id with the path of a key: git=keys/id_ed25519%0Ainput network',
    },
  ])(
    '$title',
    async ({ inputs: given, error }) => {
      await using checkout = await openCheckout('small')
      const { exitCode, stdout } = await runStep(checkout, 'build.js', { inputs: given })
      expect(exitCode).toBe(1)
      expect(stdout.split('\n').find(line => line.startsWith('::error'))).toContain(error)
      expect(stdout.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('MIIE')
    },
    30_000,
  )
})
