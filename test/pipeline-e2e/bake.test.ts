import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { openActionsCache } from '../support/actions-cache/actions-cache.ts'
import { type Checkout, openCheckout } from './support/checkout.ts'
import { type Ended, pce } from './support/pce.ts'

const dockerfile = `FROM debian:bookworm-slim AS common
RUN --mount=type=secret,id=npm test "$(wc -c < /run/secrets/npm)" = 11 && head -c 24 /dev/urandom | base64 > /shared
FROM common AS web
ARG V=1
RUN echo "web $V" > /which
USER 1000
FROM common AS job
RUN echo job > /which
USER 1000
FROM web AS cron
COPY --from=lib /which /lib
USER 1000
`

const hcl = `variable "VERSION" { default = "0" }
group "default" { targets = ["web", "job", "cron"] }
target "base" {
  secret = ["id=npm,env=NPM_TOKEN"]
}
target "web" {
  inherits = ["base"]
  target = "web"
  args = { V = VERSION }
  tags = ["ghcr.io/acme/site:1", "ghcr.io/acme/site:latest"]
  labels = { team = "web" }
  output = ["type=registry"]
}
target "job" {
  inherits = ["base"]
  target = "job"
}
target "cron" {
  inherits = ["base"]
  target = "cron"
  contexts = { lib = "target:job" }
}
`

const textIn = async (reference: string, path: string): Promise<string> => {
  await execa('docker', ['pull', '--quiet', reference])
  return (await execa('docker', ['run', '--rm', '--network', 'none', reference, 'cat', path])).stdout
}

describe('three targets of a bake file that share a stage', () => {
  let checkout: Checkout
  let ended: Ended
  const texts = new Map<string, readonly string[]>()

  beforeAll(async () => {
    checkout = await openCheckout('small', {
      config: { build: { 'bake-files': 'docker-bake.hcl', vars: { VERSION: '7' } } },
      files: { Dockerfile: dockerfile, 'docker-bake.hcl': hcl },
    })
    ended = await pce(checkout, ['build', '--verbose'], { NPM_TOKEN: 'npm s3cr3t=' })
    for (const { name, repository, digest } of ended.record?.images ?? []) {
      const reference = `${repository}@${digest}`
      texts.set(name, [await textIn(reference, '/shared'), await textIn(reference, '/which')])
      await execa('docker', ['image', 'rm', '--force', reference])
    }
  }, 180_000)
  afterAll(async () => {
    await checkout[Symbol.asyncDispose]()
  }, 60_000)

  it('build that stage once', () => {
    expect(ended.stderr).not.toContain('s3cr3t')
    expect(ended.exitCode).toBe(0)
    const steps = ended.record?.tasks.flatMap(({ task, vertices = [] }) =>
      vertices.filter(({ name }) => /\] RUN --mount/.test(name)).map(({ name, cached }) => [task, name, cached]),
    )
    expect(steps).toEqual([['bake', expect.stringContaining('common 2/2] RUN --mount=type=secret,id=npm'), false]])
    const shared = [...texts.values()].map(([text]) => text)
    expect(shared).toEqual([shared[0], shared[0], shared[0]])
    expect(shared[0]).toMatch(/^[\w+/]{32}$/)
  })

  it('become three images, each staged by digest, each of its own target', () => {
    const images = ended.record?.images.map(({ name, target, platform, repository }) => ({
      name,
      target,
      platform,
      repository: repository.replace(/:\d+/, ''),
    }))
    expect(images?.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'cron', target: 'cron', platform: 'linux/amd64', repository: '127.0.0.1/acme/web/cron' },
      { name: 'job', target: 'job', platform: 'linux/amd64', repository: '127.0.0.1/acme/web/job' },
      { name: 'web', target: 'web', platform: 'linux/amd64', repository: '127.0.0.1/acme/site' },
    ])
    expect([texts.get('web')?.[1], texts.get('job')?.[1], texts.get('cron')?.[1]]).toEqual(['web 7', 'job', 'web 1'])
  })
})

describe('a bake file with one target', () => {
  const small = 'FROM scratch\nCOPY Dockerfile /\nUSER 1000\n'
  const contract = { size: '1 GB' }

  it('stands on what pce.lock pins', async () => {
    const digest = `sha256:${'0'.repeat(64)}`
    await using checkout = await openCheckout('small', {
      config: { build: { 'bake-files': 'docker-bake.hcl' } },
      files: {
        Dockerfile: 'FROM debian:bookworm-slim\n',
        'docker-bake.hcl': 'target "default" {}\n',
        'pce.lock': `images: { "docker.io/library/debian:bookworm-slim": "${digest}" }\n`,
      },
    })
    const { exitCode, stderr } = await pce(checkout, ['build'])
    expect([exitCode, stderr]).toEqual([expect.any(Number), expect.stringContaining(`bookworm-slim@${digest}`)])
    expect(exitCode).not.toBe(0)
  }, 120_000)

  it('gives what it is built on secrets that no other program sees', async () => {
    await using checkout = await openCheckout('small', {
      config: { build: { 'bake-files': 'docker-bake.hcl' }, checks: { none: 'test -z "$LICENCE"' } },
      files: {
        'docker-bake.hcl':
          'target "base" { secret = ["id=licence,env=LICENCE"] }\ntarget "default" { contexts = { base = "target:base" } }\n',
      },
    })
    const { record } = await pce(checkout, ['check'], { LICENCE: 'for your eyes only' })
    expect(record?.tasks.find(({ task }) => task === 'check:none')?.status).toBe('passed')
  })

  it('has no context with a password in its address', async () => {
    await using checkout = await openCheckout('small', {
      config: { build: { 'bake-files': 'docker-bake.hcl' } },
      files: { 'docker-bake.hcl': 'target "default" { context = "https://me:s3cr3t@git.example/a.git" }\n' },
    })
    const { exitCode, stderr } = await pce(checkout, ['plan'])
    expect([exitCode, stderr]).toEqual([
      2,
      'build.bake-files: a context of the target default has a user in its URL (not shown), which logs would show\nName it without, and give the secret GIT_AUTH_TOKEN.HOST.\n',
    ])
  })

  it('does not wait for a cache that says nothing, and is no worse for it', async () => {
    const held: Socket[] = []
    const server = createServer(socket => held.push(socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const place = `type=registry,ref=127.0.0.1:${(server.address() as AddressInfo).port}/acme/web:cache`
    const hcl = `target "default" {\n  cache-from = ["${place}"]\n  cache-to = ["${place}"]\n}\n`
    try {
      await using checkout = await openCheckout('small', {
        config: { build: { 'bake-files': 'docker-bake.hcl' }, cache: { timeout: '2 s' }, contract },
        files: { Dockerfile: small, 'docker-bake.hcl': hcl },
      })
      const { exitCode, record } = await pce(checkout, ['run'])
      expect(exitCode).toBe(0)
      const cache = record?.tasks.find(({ task }) => task === 'cache:web')
      expect([cache?.status, cache?.reason]).toEqual(['passed', 'cache not written: not done within 2 s'])
    } finally {
      for (const socket of held) socket.destroy()
      server.close()
    }
  }, 120_000)
})

describe('caches in a bake file', () => {
  const both = `FROM debian:bookworm-slim AS common
COPY pce.yml /
RUN head -c 24 /dev/urandom | base64 > /shared
FROM common AS web
RUN cat /shared > /web
USER 1000
FROM common AS job
RUN cat /shared > /job
USER 1000
`
  const hcl =
    'group "default" {\n  targets = ["web", "job"]\n}\ntarget "web" { target = "web" }\ntarget "job" { target = "job" }\n'

  it('as most people write them: what one run has written, the next one on a fresh builder has', async () => {
    await using cache = await openActionsCache()
    const env = {
      ...cache.env(),
      GITHUB_ACTIONS: 'true',
      RUNNER_ENVIRONMENT: 'github-hosted',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REF_NAME: 'main',
      GITHUB_REF_TYPE: 'branch',
    }
    const set = ['*.cache-from=type=gha', '*.cache-to=type=gha,mode=max']
    await using checkout = await openCheckout('small', {
      config: {
        build: { 'bake-files': 'docker-bake.hcl', set },
        cache: {},
        contract: { size: '1 GB' },
        checks: { leftover: 'date > report.xml' },
      },
      files: { Dockerfile: both, 'docker-bake.hcl': hcl },
    })
    const use = async () => {
      const { exitCode, record, stderr } = await pce(checkout, ['run'], env)
      expect([exitCode, stderr]).toEqual([0, expect.any(String)])
      const [bake] = record?.tasks.filter(({ task }) => task === 'bake') ?? []
      const steps = bake?.vertices?.filter(({ name }) => /\] RUN /.test(name)).map(({ cached }) => cached)
      const written = record?.tasks.filter(({ task }) => task.startsWith('cache:'))
      return { steps, cache: bake?.cache, written: written?.map(({ task, status, reason }) => [task, status, reason]) }
    }
    const scopes = ['job-job-linux-amd64', 'web-web-linux-amd64']
    const first = await use()
    expect(first.steps).toEqual([false, false, false])
    expect(first.written?.toSorted()).toEqual([
      ['cache:job', 'passed', undefined],
      ['cache:web', 'passed', undefined],
    ])
    expect(first.cache?.missed.toSorted()).toEqual(['buildkit', ...scopes])
    const second = await use()
    expect(second.steps?.includes(false)).toBe(false)
    expect([second.cache?.found.toSorted(), second.cache?.notices, second.cache?.miss]).toEqual([scopes, [], undefined])
  }, 180_000)

  it('have no token', async () => {
    await using checkout = await openCheckout('small', {
      config: { build: { 'bake-files': 'docker-bake.hcl' } },
      files: {
        'docker-bake.hcl':
          'target "default" {\n  cache-to = ["type=s3,bucket=b,region=r,secret_access_key=s3cr3t"]\n}\n',
      },
    })
    const { exitCode, stderr } = await pce(checkout, ['plan'])
    expect([exitCode, stderr]).toEqual([
      2,
      'build.bake-files: a cache of the target default has secret_access_key (not shown), which the record would show\nName it without, and sign in by the environment or a login.\n',
    ])
  })
})

describe('bake files', () => {
  const files = { Dockerfile: dockerfile, 'docker-bake.hcl': hcl }
  const fails = async (build: object): Promise<Pick<Ended, 'exitCode' | 'stderr'>> => {
    await using checkout = await openCheckout('small', { config: { build }, files })
    const { exitCode, stderr } = await pce(checkout, ['plan'])
    return { exitCode, stderr }
  }

  it.each([
    {
      title: 'a target that is not there',
      build: { 'bake-files': 'docker-bake.hcl', targets: ['wbe'] },
      stderr: 'build.bake-files: failed to find target wbe\ndocker buildx bake --list=targets shows which there are.\n',
    },
    {
      title: 'a file that is not there',
      build: { 'bake-files': 'bake.hcl' },
      stderr:
        'build.bake-files: open bake.hcl: no such file or directory\ndocker buildx bake --print shows what it makes of them.\n',
    },
    {
      title: 'a key of one Dockerfile',
      build: { 'bake-files': 'docker-bake.hcl', file: 'Dockerfile' },
      stderr:
        'pce.yml:10:3  build.file: given together with bake files: say it there, or with set: *.args.NAME=value\n',
    },
  ])(
    '$title',
    async ({ build, stderr }) => {
      expect(await fails(build)).toEqual({ exitCode: 2, stderr })
    },
    60_000,
  )

  it('a Compose file is one: its build sections are images', async () => {
    const compose =
      'services:\n  api:\n    image: acme/api:1\n    build: { context: ., target: web }\n  db: { image: postgres:17 }\n'
    await using checkout = await openCheckout('small', {
      config: { build: { 'bake-files': 'compose.yaml' } },
      files: { ...files, 'compose.yaml': compose },
    })
    const { exitCode, stdout } = await pce(checkout, ['plan', '--json'])
    expect(exitCode).toBe(0)
    const tasks: { id: string }[] = JSON.parse(stdout).tasks
    expect(tasks.map(({ id }) => id).filter(id => /^(bake|build:)/.test(id))).toEqual(['bake', 'build:web'])
  }, 60_000)
})
