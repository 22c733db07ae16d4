import { describe, expect, it } from '@jest/globals'
import { adviceFor } from '../../src/build/advice.ts'
import { builderConfigSchema } from '../../src/build/builder-config.ts'
import { type BuilderWish, type Choice, chooseBuilder } from '../../src/build/choose.ts'
import { type Creation, planCreate } from '../../src/build/create.ts'
import { type Location, type Stages, solveName, stagesOf, stagingOutput, stagingTag } from '../../src/build/output.ts'
import { UserError } from '../../src/errors.ts'

const config = (keys: object) => builderConfigSchema.parse(keys)

describe('the choice of a builder', () => {
  type Case = [string, 'classic' | 'containerd', object, Partial<BuilderWish>, Choice['driver'], string]
  const own = 'the engine’s own (containerd image store)'
  const cases: readonly Case[] = [
    ['nothing asked', 'containerd', {}, {}, 'docker', own],
    [
      'nothing asked',
      'classic',
      {},
      {},
      'docker-container',
      'docker-container, since the engine has the classic image store',
    ],
    ['qemu alone asks for nothing', 'containerd', { qemu: true }, {}, 'docker', own],
    [
      'reproducible',
      'containerd',
      {},
      { needs: ['reproducible'] },
      'docker-container',
      'docker-container, since reproducible asks for more than the engine’s own',
    ],
    [
      'an entitlement that the engine does not give',
      'containerd',
      {},
      { allow: ['network.host', 'security.insecure'] },
      'docker-container',
      'docker-container, since build.allow: security.insecure asks for more than the engine’s own',
    ],
    ['the network of the host, which it does', 'containerd', {}, { allow: ['network.host'] }, 'docker', own],
    ...(
      [
        ['mirrors', { 'docker.io': 'mirror.example.com' }],
        ['ca', { 'registry.example.com': 'ca.pem' }],
        ['max-parallelism', 2],
        ['keep-storage', '20 GB'],
        ['image', 'moby/buildkit:master'],
        ['driver-opts', 'network=host'],
        ['buildkitd-flags', '--debug'],
        ['buildkitd-config', 'buildkitd.toml'],
        ['buildkitd-config-inline', 'debug = true'],
        ['endpoint', 'ssh://me@build.example.com'],
        ['append', [{ endpoint: 'arm' }]],
      ] as const
    ).map(
      ([key, value]): Case => [
        key,
        'containerd',
        { [key]: value },
        {},
        'docker-container',
        `docker-container, since builder.${key} asks for more than the engine’s own`,
      ],
    ),
    ['docker by name', 'containerd', { driver: 'docker' }, {}, 'docker', 'the engine’s own, as builder.driver says'],
    [
      'docker-container by name',
      'containerd',
      { driver: 'docker-container' },
      {},
      'docker-container',
      'docker-container, as builder.driver says',
    ],
    [
      'remote',
      'classic',
      { driver: 'remote', endpoint: 'tcp://build.example.com:1234' },
      {},
      'remote',
      'remote on tcp://build.example.com:1234, as builder.driver says',
    ],
    ['kubernetes', 'classic', { driver: 'kubernetes' }, {}, 'kubernetes', 'kubernetes, as builder.driver says'],
    ['one that is there', 'classic', { name: 'farm' }, {}, 'existing', 'farm, as builder.name says'],
  ]
  it.each(cases)('%s, %s store', (_, store, keys, wish, driver, why) => {
    const chosen = chooseBuilder({ store }, { config: config(keys), needs: [], allow: [], ...wish })
    expect(chosen).toEqual({ driver, why })
  })

  it('the engine’s own builder is refused where it can’t serve', () => {
    const asked = { config: config({ driver: 'docker' }), needs: [], allow: [] }
    expect(() => chooseBuilder({ store: 'classic' }, asked)).toThrow(
      new UserError(`builder.driver: docker can't stage an image: this engine has the classic image store
Leave builder.driver out, or set it to docker-container. Or give the engine the containerd image store: "features": { "containerd-snapshotter": true } in its daemon.json.`),
    )
    expect(() => chooseBuilder({ store: 'containerd' }, { ...asked, needs: ['reproducible'] })).toThrow(
      new UserError(`builder.driver: docker can't do what reproducible asks for
Leave builder.driver out, or set it to docker-container.`),
    )
  })
})

describe('the section', () => {
  const faults: readonly [string, object, readonly string[]][] = [
    ['remote nowhere', { driver: 'remote' }, ['endpoint the address of the remote builder, such as tcp://host:1234']],
    [
      'settings of a daemon that is another’s',
      { driver: 'remote', endpoint: 'tcp://b:1', 'buildkitd-flags': '--debug', mirrors: { 'docker.io': 'm' } },
      [
        'buildkitd-flags nothing: a remote builder has a configuration of its own',
        'mirrors nothing: a remote builder has a configuration of its own',
      ],
    ],
    [
      'a certificate without what belongs to it',
      { driver: 'remote', endpoint: 'tcp://b:1', cert: 'cert.pem' },
      ['key the file with the key of builder.cert', 'cacert the file with the certificate authority of the builder'],
    ],
    [
      'a key without its certificate',
      { driver: 'remote', endpoint: 'tcp://b:1', key: 'key.pem' },
      ['cert the file with the certificate of builder.key'],
    ],
    ['TLS of another driver', { cacert: 'ca.pem' }, ['cacert nothing: it is for driver: remote']],
    [
      'options of the engine’s own',
      { driver: 'docker', 'driver-opts': 'network=host' },
      ['driver-opts nothing: the engine’s own builder has no such setting'],
    ],
    [
      'two configurations',
      { 'buildkitd-config': 'a.toml', 'buildkitd-config-inline': 'debug = true' },
      ['buildkitd-config-inline nothing: buildkitd-config names a file'],
    ],
    [
      'a builder that is there, and how to make it',
      { name: 'farm', driver: 'kubernetes', image: 'moby/buildkit' },
      [
        'image nothing: builder.name is a builder that is there already, with settings of its own',
        'driver auto: builder.name is a builder that is there already',
      ],
    ],
  ]
  it.each(faults)('%s', (_, keys, expected) => {
    const { error } = builderConfigSchema.safeParse(keys)
    expect(error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual(expected)
  })
})

describe('how a builder is made', () => {
  const run = { id: '0a1b2c3d', directory: '/runs/0a1b2c3d' }
  const marks = ['--driver-opt', 'env.PCE_RUN=0a1b2c3d', '--driver-opt', 'env.PCE_BASE=29c3b69957369df5']
  const create = ['buildx', 'create', '--name', 'pce-0a1b2c3d']
  const container = [...create, '--driver', 'docker-container']

  interface Case {
    readonly title: string
    readonly keys: object
    readonly given?: Partial<Creation>
    readonly argv: readonly (readonly string[])[]
  }
  const cases: readonly Case[] = [
    {
      title: 'docker-container: the host’s network, since staging listens on the loopback',
      keys: {},
      argv: [[...container, '--driver-opt', 'network=host', ...marks, '--bootstrap']],
    },
    {
      title: 'an image',
      keys: {},
      given: { image: 'moby/buildkit@sha256:0' },
      argv: [
        [
          ...container,
          '--driver-opt',
          'image=moby/buildkit@sha256:0',
          '--driver-opt',
          'network=host',
          ...marks,
          '--bootstrap',
        ],
      ],
    },
    {
      title: 'an image that the lock has in place of one of the options, of the first node alone',
      keys: { 'driver-opts': ['image=a:1,network=none'], append: [{ endpoint: 'far', 'driver-opts': ['image=b'] }] },
      given: { image: 'a:1@sha256:0' },
      argv: [
        [...container, ...marks, '--driver-opt', 'image=a:1,network=none', '--driver-opt', 'image=a:1@sha256:0'],
        [
          ...[...create, '--append', '--driver', 'docker-container', '--driver-opt', 'network=host', ...marks],
          ...['--driver-opt', 'image=b', '--bootstrap', 'far'],
        ],
      ],
    },
    {
      title: 'options of the user go last, as they are, and stand in place of ours',
      keys: { 'driver-opts': ['image=a,network=builds', '"env.NO_PROXY=localhost,.local"', 'memory=4g'] },
      given: { image: undefined },
      argv: [
        [
          ...container,
          ...marks,
          ...['--driver-opt', 'image=a,network=builds'],
          ...['--driver-opt', '"env.NO_PROXY=localhost,.local"'],
          ...['--driver-opt', 'memory=4g'],
          '--bootstrap',
        ],
      ],
    },
    {
      title: 'what builds ask to be allowed, and the daemon’s configuration',
      keys: { 'max-parallelism': 2 },
      given: { allow: ['security.insecure', 'network.host'], daemonFile: '/runs/0a1b2c3d/private/buildkitd.toml' },
      argv: [
        [
          ...container,
          ...['--driver-opt', 'network=host', ...marks],
          '--buildkitd-flags',
          '--allow-insecure-entitlement security.insecure --allow-insecure-entitlement network.host',
          ...['--buildkitd-config', '/runs/0a1b2c3d/private/buildkitd.toml'],
          '--bootstrap',
        ],
      ],
    },
    {
      title: 'flags of the user have the last word about entitlements',
      keys: { 'buildkitd-flags': '--debug' },
      given: { allow: ['security.insecure'] },
      argv: [[...container, '--driver-opt', 'network=host', ...marks, '--buildkitd-flags', '--debug', '--bootstrap']],
    },
    {
      title: 'further nodes: the last command boots them all',
      keys: { append: [{ endpoint: 'ssh://me@arm.example.com', platforms: 'linux/arm64', name: 'arm' }] },
      argv: [
        [...container, '--driver-opt', 'network=host', ...marks],
        [
          ...create,
          '--append',
          '--node',
          'arm',
          '--driver',
          'docker-container',
          '--platform',
          'linux/arm64',
          '--driver-opt',
          'network=host',
          ...marks,
          '--bootstrap',
          'ssh://me@arm.example.com',
        ],
      ],
    },
    {
      title: 'remote, by a socket',
      keys: { driver: 'remote', endpoint: 'unix:///run/buildkit/buildkitd.sock' },
      argv: [[...create, '--driver', 'remote', '--bootstrap', 'unix:///run/buildkit/buildkitd.sock']],
    },
    {
      title: 'remote, by ssh',
      keys: { driver: 'remote', endpoint: 'ssh://me@build.example.com' },
      argv: [[...create, '--driver', 'remote', '--bootstrap', 'ssh://me@build.example.com']],
    },
    {
      title: 'remote, two nodes with TLS; a path with a comma is quoted, since an option is CSV',
      keys: {
        driver: 'remote',
        endpoint: 'tcp://amd.example.com:1234',
        'driver-opts': 'default-load=false',
        append: [{ endpoint: 'tcp://arm.example.com:1234', platforms: ['linux/arm64', 'linux/arm/v7'] }],
      },
      given: {
        allow: ['security.insecure'],
        tls: [
          { cacert: '/a,b/ca.pem', cert: '/c.pem', key: '/k.pem', servername: 'builder' },
          { cacert: '/other.pem' },
        ],
      },
      argv: [
        [
          ...[...create, '--driver', 'remote'],
          ...['--driver-opt', '"cacert=/a,b/ca.pem"'],
          ...['--driver-opt', 'cert=/c.pem', '--driver-opt', 'key=/k.pem', '--driver-opt', 'servername=builder'],
          ...['--driver-opt', 'default-load=false'],
          'tcp://amd.example.com:1234',
        ],
        [
          ...[...create, '--append', '--driver', 'remote', '--platform', 'linux/arm64', '--platform', 'linux/arm/v7'],
          ...['--driver-opt', 'cacert=/other.pem', '--bootstrap', 'tcp://arm.example.com:1234'],
        ],
      ],
    },
    {
      title: 'kubernetes',
      keys: {
        driver: 'kubernetes',
        'driver-opts': [
          'namespace=builds',
          'replicas=2',
          'requests.cpu=2',
          '"nodeselector=kubernetes.io/arch=amd64,pool=ci"',
        ],
        append: [{ endpoint: 'kubernetes:///arm', platforms: 'linux/arm64', 'driver-opts': 'namespace=builds' }],
      },
      given: { image: 'moby/buildkit:rootless' },
      argv: [
        [
          ...[...create, '--driver', 'kubernetes', '--driver-opt', 'image=moby/buildkit:rootless'],
          ...['--driver-opt', 'namespace=builds', '--driver-opt', 'replicas=2', '--driver-opt', 'requests.cpu=2'],
          ...['--driver-opt', '"nodeselector=kubernetes.io/arch=amd64,pool=ci"'],
        ],
        [
          ...[...create, '--append', '--driver', 'kubernetes', '--platform', 'linux/arm64'],
          ...['--driver-opt', 'image=moby/buildkit:rootless', '--driver-opt', 'namespace=builds'],
          ...['--bootstrap', 'kubernetes:///arm'],
        ],
      ],
    },
  ]
  it.each(cases)('$title', ({ keys, given, argv }) => {
    const asked = config(keys)
    const driver: Creation['driver'] =
      asked.driver === 'remote' || asked.driver === 'kubernetes' ? asked.driver : 'docker-container'
    const creation = { driver, config: asked, allow: [], image: undefined, daemonFile: undefined, tls: [], ...given }
    expect(planCreate(creation, run)).toEqual(argv)
  })

  it.each([
    ['/runs', '29c3b69957369df5'],
    ['/home/me/a, "b"/runs', '75538d1758bd17f4'],
  ])('the builder carries the name of its run, and no path: options are CSV: %s', (base, mark) => {
    const creation = {
      driver: 'docker-container' as const,
      config: config({}),
      allow: [],
      image: undefined,
      daemonFile: undefined,
      tls: [],
    }
    expect(planCreate(creation, { id: '0a1b2c3d', directory: `${base}/0a1b2c3d` })[0]).toContain(`env.PCE_BASE=${mark}`)
  })
})

describe('how an image comes to staging', () => {
  const cases: readonly [string, Location, Stages][] = [
    ['the engine’s own', { driver: 'docker', endpoints: [undefined], networks: [undefined] }, 'tag'],
    [
      'a container in the host’s network',
      { driver: 'docker-container', endpoints: [undefined], networks: ['host'] },
      'digest',
    ],
    ['a container in another', { driver: 'docker-container', endpoints: [undefined], networks: ['bridge'] }, 'layout'],
    [
      'a container in none that is told',
      { driver: 'docker-container', endpoints: [undefined], networks: [undefined] },
      'layout',
    ],
    [
      'a container of another engine',
      { driver: 'docker-container', endpoints: ['ssh://me@b'], networks: ['host'] },
      'layout',
    ],
    [
      'a container of another engine besides',
      { driver: 'docker-container', endpoints: [undefined, 'arm'], networks: ['host', 'host'] },
      'layout',
    ],
    ...(
      [
        ['unix:///run/buildkit/buildkitd.sock', 'digest'],
        ['npipe:////./pipe/buildkitd', 'digest'],
        ['tcp://127.0.0.1:1234', 'digest'],
        ['tcp://127.8.9.1:1234', 'digest'],
        ['tcp://localhost:1234', 'digest'],
        ['tcp://[::1]:1234', 'digest'],
        ['tcp://localhost.example.com:1234', 'layout'],
        ['tcp://10.0.0.1:1234', 'layout'],
        ['ssh://me@build.example.com', 'layout'],
        ['docker-container://buildkitd', 'layout'],
        ['kube-pod://buildkitd', 'layout'],
      ] as const
    ).map(([endpoint, stages]): [string, Location, Stages] => [
      `remote, ${endpoint}`,
      { driver: 'remote', endpoints: [endpoint], networks: ['host'] },
      stages,
    ]),
    [
      'remote, one node here and one there',
      { driver: 'remote', endpoints: ['unix:///b.sock', 'tcp://arm:1'], networks: ['host', 'host'] },
      'layout',
    ],
    ['kubernetes', { driver: 'kubernetes', endpoints: [undefined], networks: ['host'] }, 'layout'],
    ['a driver that nobody here knows', { driver: 'cloud', endpoints: ['org/farm'], networks: [undefined] }, 'layout'],
  ]
  it.each(cases)('%s', (_, location, stages) => {
    expect(stagesOf(location)).toBe(stages)
  })

  const stage = { repository: '127.0.0.1:32768/acme/web', tag: 'pce-0a1b2c3d-web', layout: '/runs/a, b/layouts/web' }
  it.each([
    [
      'digest',
      'type=image,name=127.0.0.1:32768/acme/web,push=true,push-by-digest=true,name-canonical=true,oci-mediatypes=true',
    ],
    ['tag', 'type=image,name=127.0.0.1:32768/acme/web:pce-0a1b2c3d-web,push=true,oci-mediatypes=true'],
    ['layout', 'type=oci,"dest=/runs/a, b/layouts/web",tar=false,oci-mediatypes=true'],
  ] as const)('%s', (stages, output) => {
    expect(stagingOutput({ ...stage, stages })).toBe(output)
  })

  it('each solve has a tag of its own, of the letters that a tag may have', () => {
    const run = { id: '0a1b2c3d' }
    expect(stagingTag(run, ['web', 'prod', 'linux/arm64'])).toBe('pce-0a1b2c3d-web-prod-linux-arm64')
    expect(stagingTag(run, ['web', 'größe +1', 'native'])).toBe('pce-0a1b2c3d-web-gr-e-1-native')
    expect(stagingTag(run, ['w'.repeat(300)])).toHaveLength(128)
  })

  it('a solve has files of its own: what it made is read from there', () => {
    const names = [
      solveName('web', 'api-prod', 'linux/amd64'),
      solveName('web-api', 'prod', 'linux/amd64'),
      solveName('web', 'api_prod', 'linux/amd64'),
    ]
    expect(names).toEqual(['web__api-prod__linux-amd64', 'web-api__prod__linux-amd64', 'web__api_prod__linux-amd64'])
  })
})

describe('what to do about a builder that can’t be had', () => {
  const endpoint = 'tcp://build.example.com:1234'
  it.each([
    ['remote', 'connect ECONNREFUSED', endpoint, /^See that buildkitd runs there, listens on tcp:/],
    [
      'remote',
      'unable to verify the first certificate',
      endpoint,
      /^See that builder\.cacert signed the certificate of tcp:/,
    ],
    ['remote', 'tlsv13 alert certificate required', endpoint, /that builder\.cert and key are signed/],
    [
      'remote',
      'kex_exchange',
      'ssh://me@b:22/a.sock',
      'See that `ssh -l me -p 22 -- b buildctl --addr unix:///a.sock dial-stdio` works from here without a question.',
    ],
    [
      'docker-container',
      'no answer within 20 s',
      'ssh://b',
      'See that `ssh -- b docker system dial-stdio` works from here without a question.',
    ],
    ['remote', 'Host key verification failed.', 'ssh://me@b:2222', /known_hosts: ssh-keyscan -p 2222 b$/],
    ['remote', 'me@b: Permission denied (publickey).', 'ssh://me@b', /authorized_keys of that user on b\.$/],
    [
      'remote',
      'bash: line 1: buildctl: command not found',
      'ssh://me@b',
      'Install buildctl on b, on the PATH of commands that come by ssh.',
    ],
    [
      'remote',
      'dial unix /a.sock: connect: no such file or directory',
      'ssh://b/a.sock',
      'See that its daemon runs on b, and listens on /a.sock.',
    ],
    ['kubernetes', 'cannot determine Kubernetes namespace', undefined, /^See that kubectl reaches the cluster/],
    ['docker-container', 'permission denied', undefined, /builder\.image names others/],
    ['', 'ERROR: no builder "farm" found', undefined, /^docker buildx ls names those/],
  ])('%s: %s', (driver, said, where, advice) => {
    expect(adviceFor({ driver, said, endpoint: where })).toMatch(advice)
  })
})
