import { describe, expect, it } from '@jest/globals'
import { builderConfigSchema } from '../../src/build/builder-config.ts'
import { cacheConfigSchema } from '../../src/cache/config.ts'
import type { Config, ImageConfig } from '../../src/config/config.ts'
import { type Plan, planPipeline } from '../../src/pipeline/plan.ts'
import type { Facts } from '../../src/run/facts.ts'
import { factsOf } from '../tags/facts.ts'

const facts = factsOf({ revision: { commit: 'c'.repeat(40) } })

const shortener: ImageConfig = {
  image: 'pce-demo/shortener',
  platforms: ['native'],
  build: { file: 'Dockerfile', context: '.', target: 'prod', 'build-args': {}, secrets: [], labels: {} },
  unit: {
    target: 'test-image',
    run: ['node', 'script/test.ts'],
    env: { INTEGRATION: '1' },
    junit: '/app/test-results/junit.xml',
    timeout: 900_000,
  },
  app: { port: 4000, ready: '/readyz', service: 'app', before: ['bin/migrate'], env: {}, timeout: 60_000 },
  newman: {
    collections: ['postman/*.postman_collection.json'],
    environment: 'postman/local.postman_environment.json',
    'base-url-variable': 'baseUrl',
    'min-requests': 30,
    'min-assertions': 100,
    timeout: 300_000,
  },
  contract: { user: 'non-root', size: 400_000_000 },
  destinations: [{ registry: '127.0.0.1:5000', repository: 'pce-demo/shortener' }],
  tags: ['type=ref', 'type=sha'],
  flavor: [],
  annotations: [],
}

const login: Config['login'] = {
  'role-to-assume': 'arn:aws:iam::123456789012:role/ci',
  'role-chaining': false,
  'managed-session-policies': [],
  audience: 'sts.amazonaws.com',
  'allowed-account-ids': [],
  'action-timeout-s': 60,
  'create-repository': false,
}

const config: Config = {
  images: { shortener },
  registries: ['127.0.0.1:5000'],
  login,
  checks: {
    format: { run: 'node script/check-format.ts', gate: 'blocking', weight: 1, timeout: 600_000 },
    types: { run: ['tsc', '--noEmit'], gate: 'advisory', weight: 2, timeout: 120_000 },
  },
  hadolint: true,
  scan: { block: 'high', 'ignore-unfixed': false, ignore: [], source: true, image: true },
  compose: 'compose.yaml',
  builder: builderConfigSchema.parse({}),
  cache: cacheConfigSchema.parse({ type: 'local' }),
}

const ids = (tasks: readonly { id: string }[]): string => tasks.map(({ id }) => id).join(' ')

/** `id kind weight deadline <- needs | judges` for each task. */
const graphOf = ({ tasks }: Plan): readonly string[] =>
  tasks.map(({ id, kind, weight, deadline, needs, judges }) =>
    [
      `${id} ${kind} ${weight} ${deadline / 1000} s`,
      needs.length > 0 ? ` <- ${ids(needs)}` : '',
      judges.length > 0 ? ` | ${ids(judges)}` : '',
    ].join(''),
  )

const goalsOf = ({ goals }: Plan): object =>
  Object.fromEntries(Object.entries(goals).map(([command, tasks]) => [command, ids(tasks)]))

describe('the plan of one image with everything', () => {
  const plan = planPipeline(config, facts)

  it('the graph', () => {
    expect(graphOf(plan)).toEqual([
      'builder work 0 600 s',
      'staging work 0 600 s',
      'build:shortener work 0.5 3600 s <- builder staging',
      'check:format blocking 1 600 s',
      'check:types advisory 2 120 s',
      'hadolint blocking 1 600 s',
      'scanner work 0 600 s',
      'scan:source blocking 1 600 s <- scanner',
      'test-image:shortener work 0.5 3600 s <- builder staging',
      'services work 0 600 s',
      'unit:shortener blocking 1 900 s <- test-image:shortener services',
      'scan:shortener blocking 1 600 s <- scanner build:shortener',
      'contract:shortener blocking 0 600 s <- build:shortener',
      'app:shortener blocking 0.5 660 s <- build:shortener services',
      'newman:shortener blocking 1 3600 s <- app:shortener',
      'gate work 0 600 s <- build:shortener | check:format check:types hadolint scan:source unit:shortener scan:shortener contract:shortener app:shortener newman:shortener',
      'cache:shortener work 1 360 s <- builder staging gate build:shortener',
      'cache:shortener:tests work 1 360 s <- builder staging gate test-image:shortener',
      'identity work 0 600 s',
      'login work 0 600 s <- gate identity',
      'push:shortener work 0 600 s <- gate build:shortener login',
    ])
  })

  it('what each task is asked', () => {
    const { timeout: _, ...unit } = shortener.unit ?? { timeout: 0 }
    const build = {
      name: 'shortener',
      image: 'pce-demo/shortener',
      config: shortener.build,
      cache: 'local',
      platform: 'native',
    }
    expect(Object.fromEntries(plan.tasks.map(({ id, request }) => [id, request]))).toEqual({
      builder: { config: config.builder, needs: [], allow: [], platforms: ['native'] },
      staging: null,
      'build:shortener': {
        ...build,
        ships: true,
        target: 'prod',
        labels: {
          'org.opencontainers.image.created': facts.revision.committed,
          'org.opencontainers.image.revision': facts.revision.commit,
          'org.opencontainers.image.source': 'https://github.com/acme/web',
          'org.opencontainers.image.title': 'web',
          'org.opencontainers.image.url': 'https://github.com/acme/web',
          'org.opencontainers.image.version': 'main',
        },
        annotations: {},
      },
      'check:format': { run: 'node script/check-format.ts' },
      'check:types': { run: ['tsc', '--noEmit'] },
      hadolint: { file: 'Dockerfile', threshold: 'warning' },
      scanner: null,
      'scan:source': config.scan,
      'test-image:shortener': { ...build, ships: false, target: 'test-image', labels: {}, annotations: {} },
      services: { compose: 'compose.yaml', services: undefined },
      'unit:shortener': unit,
      'scan:shortener': config.scan,
      'contract:shortener': shortener.contract,
      'app:shortener': shortener.app,
      'newman:shortener': shortener.newman,
      gate: {
        required: [
          'check:format',
          'hadolint',
          'scan:source',
          'unit:shortener',
          'scan:shortener',
          'contract:shortener',
          'app:shortener',
          'newman:shortener',
        ],
      },
      'cache:shortener': { type: 'local' },
      'cache:shortener:tests': { type: 'local' },
      identity: { registries: ['127.0.0.1:5000'], login },
      login: { registries: ['127.0.0.1:5000'], login },
      'push:shortener': {
        name: 'shortener',
        places: ['127.0.0.1:5000/pce-demo/shortener'],
        tags: ['type=ref', 'type=sha'],
        flavor: [],
      },
    })
  })

  it('the goals of each command', () => {
    expect(goalsOf(plan)).toEqual({
      run: 'gate cache:shortener cache:shortener:tests',
      build: 'build:shortener',
      check: 'check:format check:types hadolint',
      scan: 'scan:source scan:shortener',
      test: 'unit:shortener contract:shortener app:shortener newman:shortener',
      push: 'push:shortener',
      cache: 'cache:shortener:end cache:shortener:tests:end',
    })
  })
})

describe('other configurations', () => {
  const bare: ImageConfig = {
    image: 'acme/web',
    platforms: ['linux/amd64'],
    build: { context: '.', 'build-args': {}, secrets: [], labels: {} },
    contract: { user: 'any' },
    destinations: [],
    tags: ['edge'],
    flavor: [],
    annotations: [],
  }
  const least: Config = {
    images: { web: bare },
    registries: [],
    login,
    checks: {},
    hadolint: false,
    scan: { ...config.scan, source: false, image: false },
    builder: config.builder,
    cache: cacheConfigSchema.parse({ type: 'none' }),
  }

  it('the least: a build, its contract, the gate', () => {
    const plan = planPipeline(least, facts)
    expect(graphOf(plan)).toEqual([
      'builder work 0 600 s',
      'staging work 0 600 s',
      'build:web work 0.5 3600 s <- builder staging',
      'contract:web blocking 0 600 s <- build:web',
      'gate work 0 600 s <- build:web | contract:web',
      'cache:web work 1 360 s <- builder staging gate build:web',
    ])
    expect(goalsOf(plan)).toEqual({
      run: 'gate cache:web',
      build: 'build:web',
      check: '',
      scan: '',
      test: 'contract:web',
      push: '',
      cache: 'cache:web:end',
    })
  })

  it('where something private is pulled, what pulls waits for a login, and nothing else does', () => {
    const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
    const image = {
      ...bare,
      unit: shortener.unit,
      app: shortener.app,
      destinations: [{ registry: host, repository: 'acme/web' }],
    }
    const one = { ...least, images: { web: image }, registries: [host] }
    const plan = planPipeline(one, facts, ['docker.io', host])
    expect(graphOf(plan)).toEqual([
      'builder work 0 600 s',
      'staging work 0 600 s',
      'login:pull work 0 600 s',
      'build:web work 0.5 3600 s <- builder staging login:pull',
      'test-image:web work 0.5 3600 s <- builder staging login:pull',
      'services work 0 600 s <- login:pull',
      'unit:web blocking 1 900 s <- test-image:web services',
      'contract:web blocking 0 600 s <- build:web',
      'app:web blocking 0.5 660 s <- build:web services',
      'gate work 0 600 s <- build:web | unit:web contract:web app:web',
      'cache:web work 1 360 s <- builder staging gate build:web login:pull',
      'cache:web:tests work 1 360 s <- builder staging gate test-image:web login:pull',
      'identity work 0 600 s',
      'login work 0 600 s <- gate identity',
      'push:web work 0 600 s <- gate build:web login',
    ])
    const login = plan.tasks.find(({ id }) => id === 'login:pull')
    expect(login?.request).toEqual({ hosts: [host], login: one.login })
    const tagged = { ...one, images: { web: { ...image, destinations: [], tags: ['ghcr.io/acme/web:1'] } } }
    const other = planPipeline(tagged, facts, ['docker.io', 'ghcr.io', 'quay.io'])
    expect(other.tasks.find(({ id }) => id === 'login:pull')?.request).toEqual({ hosts: ['ghcr.io'], login: one.login })
    expect(graphOf(planPipeline(one, facts, ['docker.io', 'public.ecr.aws']))).toEqual(
      graphOf(planPipeline(one, facts)),
    )
  })

  it('two images share builder, staging, scanner, services, gate and login', () => {
    const images = {
      web: { ...bare, app: shortener.app, destinations: [{ registry: 'ghcr.io', repository: 'acme/web' }] },
      worker: {
        ...bare,
        destinations: [{ registry: 'ghcr.io', repository: 'acme/worker' }],
        image: 'acme/worker',
        build: { ...bare.build, file: 'worker.Dockerfile' },
        unit: shortener.unit,
      },
    }
    const plan = planPipeline(
      { ...least, images, hadolint: { threshold: 'error' }, scan: config.scan, registries: ['ghcr.io'] },
      facts,
    )
    expect(graphOf(plan)).toEqual([
      'builder work 0 600 s',
      'staging work 0 600 s',
      'build:web work 0.5 3600 s <- builder staging',
      'build:worker work 0.5 3600 s <- builder staging',
      'hadolint:Dockerfile blocking 1 600 s',
      'hadolint:worker.Dockerfile blocking 1 600 s',
      'scanner work 0 600 s',
      'scan:source blocking 1 600 s <- scanner',
      'test-image:worker work 0.5 3600 s <- builder staging',
      'services work 0 600 s',
      'unit:worker blocking 1 900 s <- test-image:worker services',
      'scan:web blocking 1 600 s <- scanner build:web',
      'contract:web blocking 0 600 s <- build:web',
      'app:web blocking 0.5 660 s <- build:web services',
      'scan:worker blocking 1 600 s <- scanner build:worker',
      'contract:worker blocking 0 600 s <- build:worker',
      'gate work 0 600 s <- build:web build:worker | hadolint:Dockerfile hadolint:worker.Dockerfile scan:source unit:worker scan:web contract:web app:web scan:worker contract:worker',
      'cache:web work 1 360 s <- builder staging gate build:web',
      'cache:worker work 1 360 s <- builder staging gate build:worker',
      'cache:worker:tests work 1 360 s <- builder staging gate test-image:worker',
      'identity work 0 600 s',
      'login work 0 600 s <- gate identity',
      'push:web work 0 600 s <- gate build:web login',
      'push:worker work 0 600 s <- gate build:worker login',
    ])
    expect(goalsOf(plan)).toEqual({
      run: 'gate cache:web cache:worker cache:worker:tests',
      build: 'build:web build:worker',
      check: 'hadolint:Dockerfile hadolint:worker.Dockerfile',
      scan: 'scan:source scan:web scan:worker',
      test: 'contract:web app:web unit:worker contract:worker',
      push: 'push:web push:worker',
      cache: 'cache:web:end cache:worker:end cache:worker:tests:end',
    })
  })

  it('two images of one Dockerfile have it linted once', () => {
    const plan = planPipeline({ ...least, images: { web: bare, worker: bare }, hadolint: true }, facts)
    expect(ids(plan.goals.check)).toBe('hadolint')
  })

  it('each platform of an image is built and judged by itself; what ships is an index over them', () => {
    const web = { ...shortener, image: 'acme/web', platforms: ['linux/amd64', 'linux/arm64'] }
    const plan = planPipeline({ ...least, images: { web }, registries: ['127.0.0.1:5000'] }, facts)
    const shared = /^(builder|staging|services|identity|login) /
    expect(graphOf(plan).filter(line => !shared.test(line))).toEqual([
      'build:web:linux/amd64 work 0.5 3600 s <- builder staging',
      'build:web:linux/arm64 work 0.5 3600 s <- builder staging',
      'test-image:web work 0.5 3600 s <- builder staging',
      'unit:web blocking 1 900 s <- test-image:web services',
      'contract:web:linux/amd64 blocking 0 600 s <- build:web:linux/amd64',
      'app:web:linux/amd64 blocking 0.5 660 s <- build:web:linux/amd64 services',
      'newman:web:linux/amd64 blocking 1 3600 s <- app:web:linux/amd64',
      'contract:web:linux/arm64 blocking 0 600 s <- build:web:linux/arm64',
      'app:web:linux/arm64 blocking 0.5 660 s <- build:web:linux/arm64 services',
      'newman:web:linux/arm64 blocking 1 3600 s <- app:web:linux/arm64',
      'gate work 0 600 s <- build:web:linux/amd64 build:web:linux/arm64 | unit:web contract:web:linux/amd64 app:web:linux/amd64 newman:web:linux/amd64 contract:web:linux/arm64 app:web:linux/arm64 newman:web:linux/arm64',
      'index:web work 0 600 s <- build:web:linux/amd64 build:web:linux/arm64',
      'cache:web:linux/amd64 work 1 360 s <- builder staging gate build:web:linux/amd64',
      'cache:web:linux/arm64 work 1 360 s <- builder staging gate build:web:linux/arm64',
      'cache:web:tests work 1 360 s <- builder staging gate test-image:web',
      'push:web work 0 600 s <- gate index:web login',
    ])
    expect(goalsOf(plan)).toEqual({
      run: 'gate index:web cache:web:linux/amd64 cache:web:linux/arm64 cache:web:tests',
      build: 'index:web',
      check: '',
      scan: '',
      test: 'unit:web contract:web:linux/amd64 app:web:linux/amd64 newman:web:linux/amd64 contract:web:linux/arm64 app:web:linux/arm64 newman:web:linux/arm64',
      push: 'push:web',
      cache: 'cache:web:linux/amd64:end cache:web:linux/arm64:end cache:web:tests:end',
    })
  })

  it('unit tests of an image for one platform run on that one, of several on that of the engine', () => {
    const requestOf = (platforms: string[]) =>
      planPipeline({ ...least, images: { web: { ...shortener, platforms } } }, facts).tasks.find(
        ({ id }) => id === 'test-image:web',
      )?.request
    expect(requestOf(['linux/arm64'])).toMatchObject({ platform: 'linux/arm64' })
    expect(requestOf(['linux/arm64', 'linux/amd64'])).toMatchObject({ platform: 'native' })
  })
})

describe('the hash of a plan', () => {
  const hash = planPipeline(config, facts).hash
  const check: Config['checks'][string] = {
    run: 'node script/check-format.ts',
    gate: 'blocking',
    weight: 1,
    timeout: 600_000,
  }
  const withImage = (told: Partial<ImageConfig>): Config => ({
    ...config,
    images: { shortener: { ...shortener, ...told } },
  })
  const withRevision = (told: Partial<Facts['revision']>): Facts => ({
    ...facts,
    revision: { ...facts.revision, ...told },
  })
  const withFormat = (told: Partial<Config['checks'][string]>): Config => ({
    ...config,
    checks: { ...config.checks, format: { ...check, ...told } },
  })
  /** The same value with the keys of every object the other way round. */
  const turned = <T>(value: T): T =>
    Array.isArray(value)
      ? (value.map(turned) as T)
      : typeof value === 'object' && value !== null
        ? (Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, member]) => [key, turned(member)]),
          ) as T)
        : value

  it('is 16 hex digits', () => expect(hash).toMatch(/^[0-9a-f]{16}$/))

  it('does not look at the environment', () => {
    const before = { ...process.env }
    try {
      Object.assign(process.env, { GITHUB_ACTIONS: 'true', RUNNER_TEMP: '/elsewhere', HOME: '/elsewhere', CI: '1' })
      expect(planPipeline(config, facts).hash).toBe(hash)
    } finally {
      for (const name of Object.keys(process.env)) delete process.env[name]
      Object.assign(process.env, before)
    }
  })

  const same: readonly [string, Config, Facts?][] = [
    ['the order of keys', turned(config)],
    ['the weight of a check', withFormat({ weight: 4 })],
    ['the deadline of a check', withFormat({ timeout: 1_000 })],
    ['the deadline of the unit tests', withImage({ unit: shortener.unit && { ...shortener.unit, timeout: 1_000 } })],
    ['the folder of the cache', { ...config, cache: cacheConfigSchema.parse({ type: 'local', path: '/elsewhere' }) }],
    ['the time', config, { ...facts, now: '2030-01-01T00:00:00.000Z' }],
    ['the event', config, { ...facts, event: 'schedule' }],
    ['the other tags of Git', config, { ...facts, tags: ['v9.0.0'] }],
  ]
  it.each(same)('is the same whatever %s', (_, one, at = facts) => {
    expect(planPipeline(one, at).hash).toBe(hash)
  })

  const other: readonly [string, Config, Facts?][] = [
    ['the commit', config, factsOf({ revision: { commit: 'd'.repeat(40) } })],
    ['the branch, which is the version', config, withRevision({ ref: 'refs/heads/other' })],
    ['changes that no commit has', config, withRevision({ dirty: true })],
    ['the command of a check', withFormat({ run: 'true' })],
    ['whether a check blocks', withFormat({ gate: 'advisory' })],
    ['a check that is gone', { ...config, checks: {} }],
    ['a build argument', withImage({ build: { ...shortener.build, 'build-args': { A: '1' } } })],
    ['the target', withImage({ build: { ...shortener.build, target: 'debug' } })],
    ['the platform', withImage({ platforms: ['linux/arm64'] })],
    ['the contract', withImage({ contract: { user: 'any' } })],
    ['the collections', withImage({ newman: shortener.newman && { ...shortener.newman, 'min-requests': 1 } })],
    ['what the scan blocks', { ...config, scan: { ...config.scan, block: 'none' } }],
    ['the linter', { ...config, hadolint: { threshold: 'error' } }],
    ['the services', { ...config, compose: 'other.yaml' }],
    ['the registries', withImage({ destinations: [{ registry: 'ghcr.io', repository: 'pce-demo/shortener' }] })],
    ['the role', { ...config, login: { ...login, 'role-to-assume': 'arn:aws:iam::123456789012:role/other' } }],
    ['the tags', withImage({ tags: ['type=semver'] })],
    ['the repository', withImage({ image: 'acme/other' })],
  ]
  it.each(other)('differs with %s', (_, one, at = facts) => {
    expect(planPipeline(one, at).hash).not.toBe(hash)
  })
  it('and differs with each of them in its own way', () => {
    const hashes = other.map(([, one, at = facts]) => planPipeline(one, at).hash)
    expect(new Set(hashes).size).toBe(other.length)
  })
})
