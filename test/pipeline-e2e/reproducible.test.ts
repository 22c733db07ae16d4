import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { parse, stringify } from 'yaml'
import { openCheckout } from './support/checkout.ts'
import { pce } from './support/pce.ts'

const reference = join(import.meta.dirname, '../../deploy/node')

interface Machine {
  readonly path: string
  readonly umask: string
  readonly env: Readonly<Record<string, string>>
}

/** Builds the reference app as one machine would, on a builder of its own; gives the digest of its image. */
async function digestOn({ path, umask, env }: Machine): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'pce-repro-'))
  const [directory, state, home] = ['', 'state', env.HOME ?? 'home'].map(name =>
    name === '' ? join(root, path) : join(root, name),
  ) as [string, string, string]
  const before = process.umask(Number.parseInt(umask, 8))
  try {
    await mkdir(home, { recursive: true })
    const config = parse(await readFile(join(reference, 'pce.yml'), 'utf8'))
    const reproducible = { ...config, build: { ...config.build, reproducible: true }, cache: { type: 'none' } }
    // As Git writes a checkout: contents and the x bit, with the umask of whoever does it.
    await execa('sh', [
      '-c',
      'mkdir -p "$2" && tar -C "$1" -c . | tar -C "$2" -x --no-same-permissions --touch',
      'sh',
      reference,
      directory,
    ])
    await execa('sh', ['-c', 'cat > "$1"', 'sh', join(directory, 'pce.yml')], { input: stringify(reproducible) })
    const git = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
    const dates = { GIT_AUTHOR_DATE: '2026-03-01T12:00:00Z', GIT_COMMITTER_DATE: '2026-03-01T12:00:00Z' }
    await execa('git', ['init', '--quiet', '--initial-branch=main'], { cwd: directory })
    await execa('git', ['add', '.'], { cwd: directory })
    await execa('git', [...git, 'commit', '--quiet', '--message=One'], { cwd: directory, env: dates })
    const ended = await pce({ directory, state }, ['build'], { ...env, HOME: home })
    expect([ended.exitCode, ended.exitCode === 0 ? '' : ended.stderr]).toEqual([0, ''])
    await pce({ directory, state }, ['clean'], { ...env, HOME: home })
    return ended.record?.images.find(({ target }) => target === 'prod')?.digest ?? ''
  } finally {
    process.umask(before)
    await rm(root, { recursive: true, force: true })
  }
}

it('two machines give the reference app one digest', async () => {
  const one = await digestOn({ path: 'web', umask: '0022', env: { TZ: 'UTC', USER: 'ada', LANG: 'C' } })
  const other = await digestOn({
    path: 'a checkout/of somebody else/web',
    umask: '0077',
    env: { TZ: 'Asia/Kolkata', USER: 'grace', HOME: 'grace', LANG: 'de_DE.UTF-8', HOSTNAME: 'elsewhere' },
  })
  expect(one).toMatch(/^sha256:/)
  expect(other).toBe(one)
}, 600_000)

describe('reproducible: check', () => {
  const config = { build: { reproducible: 'check' } }
  it('names the layers and files that differ', async () => {
    const Dockerfile = [
      'FROM debian:bookworm-slim',
      'RUN echo same > /same',
      'RUN date +%s%N > /stamp && mkdir /d && echo same > /d/e',
      'COPY package.json /',
      '',
    ].join('\n')
    await using checkout = await openCheckout('small', { config, files: { Dockerfile } })
    const { exitCode, record } = await pce(checkout, ['build'])
    const build = record?.tasks.find(({ task }) => task.startsWith('build:'))
    expect([exitCode, build?.status, build?.reason?.split('\n')]).toEqual([
      1,
      'failed',
      [
        expect.stringMatching(
          /^not reproducible: layer \d+ \(RUN date \+%s%N > \/stamp && mkdir \/d && echo same > \/d\/e\): \/stamp differs in content$/,
        ),
        expect.stringMatching(
          /^Two builds of the same source, without cache, gave sha256:[0-9a-f]{64} and sha256:[0-9a-f]{64}: what is named has to be made the same each time\.$/,
        ),
      ],
    ])
  }, 120_000)

  it('passes where nothing does, and has done every step twice', async () => {
    const Dockerfile = 'FROM debian:bookworm-slim\nRUN echo made > /made\n'
    await using checkout = await openCheckout('small', { config, files: { Dockerfile } })
    const { exitCode, stderr } = await pce(checkout, ['build', '--verbose'])
    expect([exitCode, stderr.match(/DONE \S+ \[2\/2\] RUN echo made > \/made/g)?.length]).toEqual([0, 2])
    expect(stderr).toMatch(/Built twice without cache, with one digest: sha256:/)
  }, 120_000)
})
