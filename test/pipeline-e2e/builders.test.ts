import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { classicEngine, currentEngine } from '../support/engines.ts'
import { type Buildkitd, hostAddress, openBuildkitd } from './support/buildkitd.ts'
import { openCheckout } from './support/checkout.ts'
import { countDocker } from './support/count.ts'
import { leftovers } from './support/leftovers.ts'
import { type Ended, pce, startPce } from './support/pce.ts'
import { told } from './support/refusal.ts'
import { text } from './support/text.ts'

const [classic, current] = await Promise.all([classicEngine(), currentEngine()])
const onClassic = classic === undefined ? it.skip : it
const onCurrent = current === undefined ? it.skip : it

/** What the record says of the builder: its value, and why it was chosen. */
function builderOf({ record }: Ended) {
  const part = record?.tasks.find(({ task }) => task === 'builder')
  return { value: part?.value, reason: part?.reason }
}

const green = text`
  exit code 0
  Verdicts
    app:web       passed about web linux/amd64 sha256:DIGEST
    contract:web  passed about web linux/amd64 sha256:DIGEST

  Passed in T:
    web linux/amd64 sha256:DIGEST
  Record: RUNS/ID/run.json
`

describe('the builder that is there', () => {
  onClassic(
    'is a container where the engine has the classic image store',
    async () => {
      await using checkout = await openCheckout('app')
      const ended = await pce(checkout, ['run'], classic)
      expect(told(ended, checkout)).toBe(green)
      expect(builderOf(ended)).toEqual({
        value: { name: `pce-${ended.id}`, driver: 'docker-container', stages: 'digest', platforms: ['linux/amd64'] },
        reason: 'docker-container, since the engine has the classic image store',
      })
      expect(await leftovers(ended, classic)).toEqual([])
    },
    120_000,
  )

  onCurrent(
    'is the engine’s own where it has the containerd image store, and nothing is pulled',
    async () => {
      await using checkout = await openCheckout('app')
      const ended = await pce(checkout, ['run', '--verbose'], current)
      expect(told(ended, checkout)).toBe(green)
      expect(ended.stderr).toContain('Builder: the engine’s own (containerd image store)')
      expect(builderOf(ended)).toEqual({
        value: { name: 'default', driver: 'docker', stages: 'tag', platforms: ['linux/amd64'] },
        reason: 'the engine’s own (containerd image store)',
      })
      expect(await leftovers(ended, current)).toEqual([])
    },
    120_000,
  )

  onCurrent(
    'is a container there too, where more is asked for than the engine’s own has',
    async () => {
      const config = { builder: { 'max-parallelism': 2, 'keep-storage': '5 GB' } }
      await using checkout = await openCheckout('app', { config })
      const ended = await pce(checkout, ['run'], current)
      expect(told(ended, checkout)).toBe(green)
      expect(builderOf(ended)).toMatchObject({
        value: { driver: 'docker-container', stages: 'digest' },
        reason: 'docker-container, since builder.max-parallelism asks for more than the engine’s own',
      })
      expect(await leftovers(ended, current)).toEqual([])
    },
    120_000,
  )

  onCurrent(
    'gives every platform, what is not native by QEMU with a warning, and index and attestations',
    async () => {
      const platforms = ['linux/amd64', 'linux/arm64']
      // The engine keeps its cache from one run to the next.
      const config = { platforms, build: { provenance: 'mode=max', 'build-args': { ROUND: String(Date.now()) } } }
      await using checkout = await openCheckout('small', { config, files: { Dockerfile: runsThere } })
      const ended = await pce(checkout, ['run', '--verbose'], current)
      expect(ended.exitCode).toBe(0)
      expect(ended.stderr).toContain('linux/arm64 is emulated by QEMU (native here: linux/amd64)')
      expect(ended.stderr).toContain('this is aarch64')
      expect(ended.stderr).toContain('this is x86_64')
      expect(ended.record?.images.map(({ platform }) => platform).sort()).toEqual(platforms)
      expect(await leftovers(ended, current)).toEqual([])
    },
    300_000,
  )

  onClassic(
    'takes the next image of BuildKit where one can’t be had, and says so',
    async () => {
      const there = process.env.PCE_BUILDKIT_IMAGE ?? 'moby/buildkit:buildx-stable-1'
      const config = { builder: { image: [`127.0.0.1:1/no/buildkit@sha256:${'0'.repeat(64)}`, there] } }
      await using checkout = await openCheckout('small', { config })
      const ended = await pce(checkout, ['build', '--verbose'], classic)
      expect(ended.exitCode).toBe(0)
      expect(ended.stderr).toMatch(
        new RegExp(`BuildKit: 127\\.0\\.0\\.1:1/no/buildkit@sha256:0{64} can't be had \\(.+\\), so ${there} is taken`),
      )
    },
    60_000,
  )

  onClassic(
    'may be a container of the user’s in another network: it stays, and gives a layout back',
    async () => {
      const image = process.env.PCE_BUILDKIT_IMAGE ?? 'moby/buildkit:buildx-stable-1'
      await using made = await makeBuilder(['--driver', 'docker-container', '--driver-opt', `image=${image}`])
      await using checkout = await openCheckout('small')
      const ended = await pce(checkout, ['build', '--builder', made.name], classic)
      expect(ended).toMatchObject({ exitCode: 0 })
      expect(builderOf(ended)).toEqual({
        value: { name: made.name, driver: 'docker-container', stages: 'layout', platforms: [] },
        reason: `${made.name}, as builder.name says`,
      })
    },
    60_000,
  )

  onClassic(
    'with no image of BuildKit says so, and how to name another',
    async () => {
      await using checkout = await openCheckout('small', {
        config: { builder: { image: '127.0.0.1:1/no/buildkit:1' } },
      })
      const ended = await pce(checkout, ['build'], classic)
      expect(ended.exitCode).toBe(3)
      expect(ended.stderr).toMatch(/builder {2}broken.*Start a builder: docker ended with exit code 1/)
      expect(ended.stderr).toContain('may pull the image of BuildKit (builder.image names others)')
    },
    60_000,
  )
})

// The stand-ins have one platform: a program of each comes from Debian, and is run in the image that is built.
const runsThere = `FROM --platform=$BUILDPLATFORM debian:bookworm-slim AS fetch
ARG TARGETARCH
RUN dpkg --add-architecture $TARGETARCH && apt-get update && cd /tmp && apt-get download busybox-static:$TARGETARCH \\
 && dpkg -x busybox-static_*.deb /root-of-it
FROM scratch
COPY --from=fetch /root-of-it/bin/busybox /bin/
ARG ROUND
RUN ["/bin/busybox", "sh", "-c", "echo this is $(/bin/busybox uname -m)"]
USER 1000:1000
`

describe('before the solve begins, docker is started', () => {
  const cases = [
    { title: 'four times for a builder of its own', engine: classic, create: ['buildx create'] },
    { title: 'three times for the engine’s own', engine: current, create: [] },
  ]
  for (const { title, engine, create } of cases) {
    const test = engine === undefined ? it.skip : it
    test(title, async () => {
      await using checkout = await openCheckout('small', {
        // The pinned image may not be there to be had, and then a second one is tried.
        config:
          create.length === 0
            ? {}
            : { builder: { image: process.env.PCE_BUILDKIT_IMAGE ?? 'moby/buildkit:buildx-stable-1' } },
      })
      const { PATH, commands } = await countDocker(checkout)
      const ended = await pce(checkout, ['build'], { ...engine, PATH })
      expect(ended.exitCode).toBe(0)
      const all = await commands()
      expect(await pce(checkout, ['clean'], engine)).toMatchObject({ exitCode: 0 })
      expect(await leftovers(ended, engine)).toEqual([])
      const before = all.slice(
        0,
        all.findIndex(line => line.startsWith('buildx build')),
      )
      const verbs = before.map(line => /^(info|buildx create|compose .* (?:up|port))/.exec(line)?.[0] ?? line)
      expect(verbs.map(verb => verb.replace(/^compose .* /, 'compose ')).sort()).toEqual(
        [...create, 'compose port', 'compose up', 'info'].sort(),
      )
    }, 60_000)
  }
})

describe('a remote builder', () => {
  let buildkitd: Buildkitd
  beforeAll(async () => {
    buildkitd = await openBuildkitd()
  }, 60_000)
  afterAll(async () => await buildkitd[Symbol.asyncDispose]())

  const withTls = (address: string, keys: object = {}) => {
    const { cacert, cert, key } = buildkitd.tls
    return { driver: 'remote', endpoint: `tcp://${address}:${buildkitd.port}`, cacert, cert, key, ...keys }
  }

  it('by a socket stages by digest', async () => {
    await using checkout = await openCheckout('app', {
      config: { builder: { driver: 'remote', endpoint: buildkitd.socket } },
    })
    const ended = await pce(checkout, ['run'])
    expect(told(ended, checkout)).toBe(green)
    expect(builderOf(ended)).toEqual({
      value: { name: `pce-${ended.id}`, driver: 'remote', stages: 'digest', platforms: [] },
      reason: `remote on ${buildkitd.socket}, as builder.driver says`,
    })
    expect(await leftovers(ended)).toEqual([])
  }, 120_000)

  it('by TCP with mutual TLS stages by digest where it is on this machine', async () => {
    await using checkout = await openCheckout('app', { config: { builder: withTls('127.0.0.1') } })
    const ended = await pce(checkout, ['run'])
    expect(told(ended, checkout)).toBe(green)
    expect(builderOf(ended).value).toMatchObject({ driver: 'remote', stages: 'digest' })
  }, 120_000)

  const address = hostAddress()
  const elsewhere = address === undefined ? it.skip : it
  elsewhere(
    'elsewhere gives an OCI layout back, which is copied into staging: the same digest',
    async () => {
      const { endpoint: _, ...builder } = withTls('')
      await using checkout = await openCheckout('app', { config: { builder } })
      const buildBy = (host = '') => pce(checkout, ['build', '--endpoint', `tcp://${host}:${buildkitd.port}`])
      const far = await buildBy(address)
      expect(builderOf(far).value).toMatchObject({ driver: 'remote', stages: 'layout' })
      // Another builder in the same run takes the place of the first one.
      const near = await buildBy('127.0.0.1')
      expect(near.id).toBe(far.id)
      expect(builderOf(near).value).toMatchObject({ driver: 'remote', stages: 'digest' })
      expect(near.record?.images).toEqual(far.record?.images)
      expect(await pce(checkout, ['test'])).toMatchObject({ exitCode: 0 })
      await pce(checkout, ['clean'])
      expect(await leftovers(near)).toEqual([])
    },
    120_000,
  )

  it('takes certificate and key as text from the environment, as setup-buildx-action does', async () => {
    const { cacert, cert, key } = buildkitd.tls
    const builder = { driver: 'remote', endpoint: `tcp://127.0.0.1:${buildkitd.port}`, servername: 'builder.test' }
    await using checkout = await openCheckout('small', { config: { builder } })
    const [CACERT, CERT, KEY] = await Promise.all([cacert, cert, key].map(file => readFile(file, 'utf8')))
    const env = {
      BUILDER_NODE_0_AUTH_TLS_CACERT: CACERT,
      BUILDER_NODE_0_AUTH_TLS_CERT: CERT,
      BUILDER_NODE_0_AUTH_TLS_KEY: KEY,
    }
    expect(await pce(checkout, ['run'], env)).toMatchObject({ exitCode: 0 })
  }, 60_000)

  it('that is of the user is used as it is, and left there', async () => {
    await using made = await makeBuilder(['--driver', 'remote', buildkitd.socket])
    await using checkout = await openCheckout('small', { config: { builder: { name: made.name } } })
    const ended = await pce(checkout, ['run'])
    expect(ended.exitCode).toBe(0)
    expect(builderOf(ended)).toEqual({
      value: { name: made.name, driver: 'remote', stages: 'digest', platforms: [] },
      reason: `${made.name}, as builder.name says`,
    })
    expect((await execa('docker', ['buildx', 'ls', '--format', '{{.Name}}'])).stdout.split('\n')).toContain(made.name)
  }, 60_000)

  it('of several nodes gives each platform to the node that has it, and nothing is emulated', async () => {
    const append = [{ endpoint: buildkitd.socket, platforms: 'linux/arm64' }]
    const config = { platforms: ['linux/amd64', 'linux/arm64'], builder: withTls('127.0.0.1', { append }) }
    await using checkout = await openCheckout('small', { config })
    const ended = await pce(checkout, ['run', '--verbose'])
    expect(ended.exitCode).toBe(0)
    expect(builderOf(ended).value).toMatchObject({ stages: 'digest', platforms: ['linux/amd64', 'linux/arm64'] })
    expect(ended.stderr).not.toContain('emulated')
    expect(ended.record?.images.map(({ platform }) => platform).sort()).toEqual(['linux/amd64', 'linux/arm64'])
    expect(await leftovers(ended)).toEqual([])
  }, 120_000)

  const faults: readonly [string, () => object, RegExp, string][] = [
    [
      'shows a certificate of another authority',
      () => withTls('127.0.0.1', { cacert: buildkitd.tls.stranger }),
      /can't be talked to: .*certificate/,
      'See that builder.cacert signed the certificate of tcp://127.0.0.1:',
    ],
    [
      'asks for a certificate',
      () => withTls('127.0.0.1', { cert: undefined, key: undefined }),
      /can't be talked to: .*(certificate required|bad certificate)/,
      'that builder.cert and key are signed by the authority which it trusts',
    ],
    [
      'has another name',
      () => withTls('127.0.0.1', { servername: 'other.test' }),
      /can't be talked to: .*other\.test/,
      'builder.servername, else the host, is a name in its certificate',
    ],
    [
      'speaks TLS where none is asked for',
      () => ({ driver: 'remote', endpoint: `tcp://127.0.0.1:${buildkitd.port}` }),
      /can't be talked to: it closed the connection: it may ask for TLS/,
      'See that builder.cacert signed',
    ],
    [
      'is not there',
      () => ({ driver: 'remote', endpoint: 'tcp://127.0.0.1:1' }),
      /can't be talked to: connect ECONNREFUSED 127\.0\.0\.1:1/,
      'See that buildkitd runs there, listens on tcp://127.0.0.1:1',
    ],
    [
      'has no socket',
      () => ({ driver: 'remote', endpoint: 'unix:///no/such.sock' }),
      /can't be talked to: connect ENOENT \/no\/such\.sock/,
      'See that buildkitd runs there, listens on unix:///no/such.sock',
    ],
    [
      'is not known',
      () => ({ name: 'no-such-builder' }),
      /no builder "no-such-builder" found/,
      'docker buildx ls names',
    ],
  ]
  it.each(faults)(
    'that %s is an error that says what to do',
    async (_, builder, says, advice) => {
      await using checkout = await openCheckout('small', { config: { builder: builder() } })
      const ended = await pce(checkout, ['build'])
      expect(ended).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(says) })
      expect(ended.stderr).toContain(advice)
    },
    60_000,
  )

  it('whose key is not there is bad input', async () => {
    await using checkout = await openCheckout('small', { config: { builder: withTls('127.0.0.1', { key: 'no.pem' }) } })
    const ended = await pce(checkout, ['build'])
    expect(ended.exitCode).toBe(2)
    expect(ended.stderr).toContain(`builder.key: there is no file ${checkout.directory}/no.pem`)
  }, 60_000)

  it('that goes away in the middle of a step is broken, not red', async () => {
    await using going = await openBuildkitd()
    const Dockerfile = 'FROM debian:bookworm-slim\nRUN echo compiling; sleep 300\n'
    const config = { builder: { driver: 'remote', endpoint: going.socket } }
    await using checkout = await openCheckout('small', { config, files: { Dockerfile } })
    const running = startPce(checkout, ['run', '--verbose'])
    await running.says('build:web | compiling')
    await going.stop()
    const ended = await running.ended
    expect(ended).toMatchObject({ exitCode: 3, record: { outcome: 'broken' } })
    expect(ended.stderr).toContain('The builder went away')
    expect(await leftovers(ended)).toEqual([])
  }, 120_000)
})

describe('a platform that nobody here has', () => {
  const config = { platforms: ['linux/riscv64'] }
  const files = { Dockerfile: 'FROM scratch\nCOPY package.json /\nUSER 1:1\n' }
  it('is bad input, with what to run', async () => {
    await using checkout = await openCheckout('small', { config, files })
    const ended = await pce(checkout, ['build'])
    expect(ended.exitCode).toBe(2)
    expect(ended.stderr).toMatch(
      /platforms: linux\/riscv64 can't be built: no node of the builder has it \(native: linux\/\w+\), and there is no QEMU for it\n *Run docker run --privileged --rm tonistiigi\/binfmt@sha256:[0-9a-f]{64} --install riscv64, or set builder\.qemu: true/,
    )
  }, 60_000)

  it('is not emulated where that is ruled out', async () => {
    await using checkout = await openCheckout('small', {
      config: { platforms: ['linux/amd64', 'linux/arm64'], builder: { qemu: false } },
      files,
    })
    const ended = await pce(checkout, ['build'])
    expect(ended.exitCode).toBe(2)
    expect(ended.stderr).toMatch(/platforms: linux\/\w+ can't be built: .*, and builder\.qemu is false/)
  }, 60_000)
})

async function makeBuilder(argv: readonly string[]): Promise<AsyncDisposable & { name: string }> {
  const name = `pce-test-${randomBytes(4).toString('hex')}`
  // buildx gives its default file to a remote builder too, and then refuses it.
  await using folder = await emptyFolder()
  const store = process.env.BUILDX_CONFIG ?? join(homedir(), '.docker', 'buildx')
  await mkdir(join(store, 'instances'), { recursive: true })
  await symlink(join(store, 'instances'), join(folder.path, 'instances'))
  await execa('docker', ['buildx', 'create', '--name', name, ...argv], { env: { BUILDX_CONFIG: folder.path } })
  return { name, [Symbol.asyncDispose]: async () => void (await execa('docker', ['buildx', 'rm', '--force', name])) }
}

async function emptyFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'pce-buildx-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}
