import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Checkout, type Given, openCheckout } from './support/checkout.ts'
import { pathWith, withoutPlugin } from './support/machine.ts'
import { pce } from './support/pce.ts'

describe('a machine that lacks', () => {
  const machines: { title: string; env: (checkout: Checkout) => Promise<Record<string, string>>; says: string[] }[] = [
    {
      title: 'an engine',
      env: async () => ({ DOCKER_HOST: 'unix:///no/such.sock' }),
      says: [
        'the Docker engine does not answer (any more), where DOCKER_HOST says that it is: unix:///no/such.sock',
        'Mend that variable or take it away, and see that `docker info` answers.',
      ],
    },
    {
      title: 'docker',
      env: async checkout => ({ PATH: await pathWith(checkout, ['git', 'sh']) }),
      says: ['docker is not on PATH', 'Install Docker: https://docs.docker.com/engine/install/'],
    },
    {
      title: 'buildx',
      env: checkout => withoutPlugin(checkout, 'buildx'),
      says: [
        'docker has no plugin buildx that works',
        'Install the buildx plugin: https://docs.docker.com/build/install-buildx/',
      ],
    },
  ]
  it.each(machines)(
    '$title says what to do',
    async ({ env, says }) => {
      await using checkout = await openCheckout('small')
      const ended = await pce(checkout, ['run'], await env(checkout))
      expect(ended).toMatchObject({ exitCode: 3, record: { outcome: 'broken', pushed: [] } })
      // Builder and staging start side by side: either is the first to find out.
      const faults = ended.record?.tasks.flatMap(({ fault }) => fault?.message ?? []) ?? []
      const told = faults.map(message => message.replace(/^(Start staging|docker info): /, ''))
      expect([...new Set(told)]).toEqual([says.join('\n')])
      for (const line of says) expect(ended.stderr).toContain(line)
    },
    30_000,
  )

  it('an engine can not clean, and says so', async () => {
    await using checkout = await openCheckout('small')
    const DOCKER_HOST = 'unix:///no/such.sock'
    expect(await pce(checkout, ['clean'], { DOCKER_HOST })).toMatchObject({
      exitCode: 3,
      stderr: `Look for containers: the Docker engine does not answer (any more), where DOCKER_HOST says that it is: unix:///no/such.sock
Mend that variable or take it away, and see that \`docker info\` answers.
`,
    })
  })
})

describe('before anything is started', () => {
  const faults: (Given & { title: string; argv?: string[]; stderr: string })[] = [
    {
      title: 'a pce.yml that is a list',
      config: '- image: acme/web\n',
      stderr: 'pce.yml:1:1  found a list, expected a mapping, such as image: acme/web\n',
    },
    {
      title: 'a push to nowhere',
      argv: ['run', '--push'],
      stderr: `registries: none is named, so there is nowhere to push to
Name one in pce.yml: registries: [ghcr.io]. As inputs: registries: ghcr.io, or images: ghcr.io/acme/web, or a full reference in tags.
`,
    },
    {
      title: 'a tag that would give orders to the terminal',
      config: 'image: acme/web\ntags: "a{{b\\e]0;title\\a\\e[2J}}"\n',
      stderr: `tags: a{{b}} can't be filled in
Expressions are {{…}} with one of branch, tag, sha, base_ref, is_default_branch, is_not_default_branch, date, commit_date
`,
    },
    {
      title: 'a word that no command takes',
      argv: ['build', 'web'],
      stderr: 'pce build takes no word "web": what it takes are flags, see pce build --help\n',
    },
    {
      title: 'a command with a slip',
      argv: ['rn'],
      stderr: 'pce has no command rn; did you mean run? See pce --help\n',
    },
  ]
  it.each(faults)('$title is bad input', async ({ argv = ['run'], stderr, ...given }) => {
    await using checkout = await openCheckout('small', given)
    expect(await pce(checkout, argv)).toMatchObject({ exitCode: 2, stderr, id: '' })
  })

  it('a state folder that can not be made is told, with what to do', async () => {
    await using checkout = await openCheckout('small', { files: { '../file': '' } })
    const ended = await pce(checkout, ['run'], { XDG_STATE_HOME: join(checkout.directory, '../file/state') })
    expect(ended.exitCode).toBe(3)
    expect(ended.stderr).toMatch(
      /^can't make the folder .*: ENOTDIR: .*\nThe folder above it is not there or can not be written: choose another folder.\n$/,
    )
  })
})

describe('without a Git repository', () => {
  it('a run passes; a push asks for a tag that needs no commit', async () => {
    await using checkout = await openCheckout('small')
    await rm(join(checkout.directory, '.git'), { recursive: true })
    expect(await pce(checkout, ['run'])).toMatchObject({ exitCode: 0 })
    expect(await pce(checkout, ['run', '--push', '--registries', '127.0.0.1:1'])).toMatchObject({
      exitCode: 2,
      stderr: `tags: they give web no tag for what is no Git checkout
Name a tag: tags: [type=raw,value=…]
`,
    })
  }, 60_000)
})
