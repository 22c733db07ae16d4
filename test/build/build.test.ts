import { describe, expect, it } from '@jest/globals'
import { type BuildConfig, buildConfigSchema } from '../../src/build/config.ts'
import { dockerfileOf } from '../../src/build/options.ts'
import { type BuildRequest, planBuild, planCacheExport, planOutputs } from '../../src/build/plan.ts'

const config: BuildConfig = { context: '.', 'build-args': {}, secrets: [], labels: {} }
const request: BuildRequest = { config, target: undefined, platform: 'native', labels: {}, annotations: {} }
const place = {
  builder: 'pce-0a1b2c3d',
  output: 'type=image,name=127.0.0.1:32768/acme/web,push=true,push-by-digest=true',
  metadataFile: '/runs/0a1b2c3d/metadata/web.json',
  attestations: ['--provenance=mode=min', '--sbom=false'],
  cacheFrom: [],
}

describe('the command of a build', () => {
  const solve = ['docker', 'buildx', 'build', '--builder', 'pce-0a1b2c3d', '--progress=rawjson']
  const staged = (attributes: string) => [
    '--output',
    `${place.output}${attributes}`,
    '--metadata-file',
    '/runs/0a1b2c3d/metadata/web.json',
  ]

  interface Case {
    readonly title: string
    readonly request?: Partial<BuildRequest>
    readonly config?: Partial<BuildConfig>
    readonly cacheFrom?: readonly string[]
    /** what stands between the file and the output */
    readonly words?: readonly string[]
    /** the same of the solve that only writes the cache, where it is other */
    readonly warm?: readonly string[]
    readonly file?: string
    readonly context?: string
    /** what the output has besides */
    readonly attributes?: string
  }
  const cases: readonly Case[] = [
    { title: 'nothing but defaults' },
    { title: 'file', config: { file: 'deploy/debian.Dockerfile' }, file: 'deploy/debian.Dockerfile' },
    { title: 'context', config: { context: 'apps/web' }, file: 'apps/web/Dockerfile', context: 'apps/web' },
    { title: 'context that looks like flags', config: { context: '-x' }, file: '-x/Dockerfile', context: './-x' },
    { title: 'file and context', config: { file: 'Dockerfile', context: 'apps/web' }, context: 'apps/web' },
    { title: 'target', request: { target: 'prod' }, words: ['--target', 'prod'] },
    { title: 'platform', request: { platform: 'linux/arm64' }, words: ['--platform', 'linux/arm64'] },
    {
      title: 'build-args, as they are: argv knows no quotes',
      config: { 'build-args': { ELIXIR_VER: '1.18.4', OPTS: '-a "b c" $HOME', EMPTY: '' } },
      words: ['--build-arg', 'ELIXIR_VER=1.18.4', '--build-arg', 'OPTS=-a "b c" $HOME', '--build-arg', 'EMPTY='],
    },
    {
      title: 'secrets by name: the value is never in argv',
      config: { secrets: ['NPM_TOKEN', 'HEX_KEY'] },
      words: ['--secret', 'id=NPM_TOKEN,env=PCE_SECRET_NPM_TOKEN', '--secret', 'id=HEX_KEY,env=PCE_SECRET_HEX_KEY'],
    },
    {
      title: 'secrets that may be empty: who opens them leaves out those that are',
      config: { secrets: ['NPM_TOKEN?'] },
      words: ['--secret', 'id=NPM_TOKEN,env=PCE_SECRET_NPM_TOKEN'],
    },
    {
      title: 'secrets under another id, also one that names a variable of buildx itself',
      config: { 'secret-envs': { 'npm-rc': 'NPM_RC', PATH: 'SECRET_PATH' } },
      words: ['--secret', 'id=npm-rc,env=PCE_SECRET_npm-rc', '--secret', 'id=PATH,env=PCE_SECRET_PATH'],
    },
    {
      title: 'secrets in files: a path with a comma or a quote is quoted, since buildx reads CSV',
      config: { 'secret-files': { key: '/run/key.pem', 'a?': 'x, "y".txt' } },
      words: ['--secret', 'id=key,src=/run/key.pem', '--secret', 'id=a,"src=x, ""y"".txt"'],
    },
    { title: 'ssh', config: { ssh: ['default', 'git=/keys/a'] }, words: ['--ssh', 'default', '--ssh', 'git=/keys/a'] },
    {
      title: 'a context that BuildKit fetches: the file is in there',
      config: { context: 'https://github.com/acme/web.git#main:app' },
      context: 'https://github.com/acme/web.git#main:app',
    },
    {
      title: 'build-contexts',
      config: { 'build-contexts': { base: 'docker-image://debian:bookworm', shared: '../shared' } },
      words: ['--build-context', 'base=docker-image://debian:bookworm', '--build-context', 'shared=../shared'],
    },
    {
      title: 'add-hosts',
      config: { 'add-hosts': ['db:10.0.0.2', 'v6=::1'] },
      words: ['--add-host', 'db:10.0.0.2', '--add-host', 'v6=::1'],
    },
    {
      title: 'allow and network',
      config: { allow: ['network.host'], network: 'host' },
      words: ['--allow', 'network.host', '--network', 'host'],
    },
    { title: 'cgroup-parent', config: { 'cgroup-parent': '/ci' }, words: ['--cgroup-parent', '/ci'] },
    { title: 'no-cache', config: { 'no-cache': true }, words: ['--no-cache'], warm: [] },
    {
      title: 'no-cache-filters',
      config: { 'no-cache-filters': ['a', 'b'] },
      words: ['--no-cache-filter', 'a', '--no-cache-filter', 'b'],
      warm: [],
    },
    { title: 'pull', config: { pull: true }, words: ['--pull'], warm: [] },
    { title: 'shm-size', config: { 'shm-size': '2g' }, words: ['--shm-size', '2g'] },
    {
      title: 'ulimit',
      config: { ulimit: ['nofile=1024:2048', 'nproc=3'] },
      words: ['--ulimit', 'nofile=1024:2048', '--ulimit', 'nproc=3'],
    },
    {
      title: 'what comes of a solve is no part of it',
      config: {
        attests: ['type=sbom'],
        provenance: true,
        sbom: true,
        call: 'check',
        load: true,
        for: 'lambda',
        outputs: ['type=local,dest=out'],
      },
    },
    {
      title: 'labels of the request, not those of the configuration alone',
      config: { labels: { team: 'a' } },
      request: { labels: { 'org.opencontainers.image.revision': 'c'.repeat(40), team: 'a' } },
      words: ['--label', `org.opencontainers.image.revision=${'c'.repeat(40)}`, '--label', 'team=a'],
    },
    {
      title: 'a cache to read',
      cacheFrom: ['type=local,src=/cache/web'],
      words: ['--cache-from', 'type=local,src=/cache/web'],
    },
    ...([true, 'check'] as const).map(reproducible => ({
      title: `reproducible: ${reproducible}: one time for all, and nothing of the machine in the layers`,
      config: { reproducible },
      words: ['--build-arg', 'SOURCE_DATE_EPOCH=315532800'],
      attributes: ',rewrite-timestamp=true,compression=gzip,force-compression=true',
    })),
    {
      title: 'a time of the user’s own',
      config: { reproducible: true, 'build-args': { SOURCE_DATE_EPOCH: '1000000000' } },
      words: ['--build-arg', 'SOURCE_DATE_EPOCH=1000000000'],
      attributes: ',rewrite-timestamp=true,compression=gzip,force-compression=true',
    },
    {
      title: 'everything',
      request: { target: 'prod', platform: 'linux/amd64', labels: { a: '1' } },
      config: { file: 'D', 'build-args': { B: '2' }, secrets: ['S'] },
      cacheFrom: ['type=local,src=/c', 'type=local,src=/d'],
      file: 'D',
      words: [
        '--build-arg',
        'B=2',
        '--secret',
        'id=S,env=PCE_SECRET_S',
        '--target',
        'prod',
        '--platform',
        'linux/amd64',
        '--label',
        'a=1',
        '--cache-from',
        'type=local,src=/c',
        '--cache-from',
        'type=local,src=/d',
      ],
    },
  ]

  it.each(cases)(
    '$title',
    ({
      request: asked,
      config: own,
      cacheFrom = [],
      words = [],
      warm = words,
      file = 'Dockerfile',
      context = '.',
      attributes = '',
    }) => {
      const one = { ...request, ...asked, config: { ...config, ...own } }
      const where = { ...place, cacheFrom }
      expect(planBuild(one, where)).toEqual([
        ...solve,
        '--provenance=mode=min',
        '--sbom=false',
        '--file',
        file,
        ...words,
        ...staged(attributes),
        context,
      ])
      expect(planCacheExport(one, where, ['type=local,dest=/cache/fresh,mode=max'])).toEqual([
        ...solve,
        '--provenance=false',
        '--sbom=false',
        '--file',
        file,
        ...warm,
        '--output',
        'type=cacheonly',
        '--cache-to',
        'type=local,dest=/cache/fresh,mode=max',
        context,
      ])
    },
  )

  it('there is a case for every key of the configuration', () => {
    const keys = new Set(cases.flatMap(({ config: own = {} }) => Object.keys(own)))
    // A build takes its target from the request: that of the tests is another one. Bake files and Earthfiles have tests of their own.
    expect([...keys, 'target', 'earthfile', 'bake-files', 'targets', 'set', 'vars'].sort()).toEqual(
      Object.keys(buildConfigSchema.shape).sort(),
    )
  })

  it('further outputs are a solve of their own, of steps that are done', () => {
    const outputs = ['type=local,dest=out', 'type=oci,"dest=a,b.tar"']
    const one = { ...request, platform: 'linux/arm64', config: { ...config, outputs, 'no-cache': true as const } }
    expect(planOutputs(one, 'pce-0a1b2c3d')).toEqual([
      ...solve,
      ...['--provenance=false', '--sbom=false', '--file', 'Dockerfile', '--platform', 'linux/arm64'],
      ...['--output', 'type=local,dest=out', '--output', 'type=oci,"dest=a,b.tar"', '.'],
    ])
  })

  it('no tag is ever asked for', () => {
    for (const one of cases) expect(planBuild({ ...request, ...one.request }, place)).not.toContain('--tag')
  })
})

describe('names', () => {
  it('the Dockerfile is in the context unless it is named', () => {
    expect(dockerfileOf(config)).toBe('Dockerfile')
    expect(dockerfileOf({ ...config, context: 'apps/web' })).toBe('apps/web/Dockerfile')
    expect(dockerfileOf({ ...config, context: 'apps/web', file: 'web.Dockerfile' })).toBe('web.Dockerfile')
  })
})
