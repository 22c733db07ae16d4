import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { type Checkout, type Given, openCheckout } from './support/checkout.ts'
import { pathWith, withoutPlugin } from './support/machine.ts'
import { pce } from './support/pce.ts'
import { told } from './support/refusal.ts'
import { text } from './support/text.ts'

describe('a machine that lacks', () => {
  const machines: { title: string; env: (checkout: Checkout) => Promise<Record<string, string>>; end: string }[] = [
    { title: 'an engine', env: async () => ({ DOCKER_HOST: 'unix:///no/such.sock' }), end: text`` },
    { title: 'docker', env: async checkout => ({ PATH: await pathWith(checkout, ['git', 'sh']) }), end: text`` },
    { title: 'buildx', env: checkout => withoutPlugin(checkout, 'buildx'), end: text`` },
  ]
  it.each(machines)(
    '$title says what to do',
    async ({ env, end }) => {
      await using checkout = await openCheckout('small')
      expect(told(await pce(checkout, ['build'], await env(checkout)), checkout)).toBe(end)
    },
    30_000,
  )

  it('an engine can not clean, and says so', async () => {
    await using checkout = await openCheckout('small')
    const DOCKER_HOST = 'unix:///no/such.sock'
    expect(await pce(checkout, ['clean'], { DOCKER_HOST })).toMatchObject({
      exitCode: 3,
      stderr: text`
        Look for containers: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.

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
Name one in pce.yml: registries: [ghcr.io]
`,
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
    expect({
      ...ended,
      stderr: ended.stderr.replaceAll(join(checkout.directory, '..'), 'TMP').replace(/[0-9a-f]{8}\b/g, 'ID'),
    }).toMatchObject({ exitCode: 3, stderr: '' })
  })
})

describe('without a Git repository', () => {
  it('a run passes; a push asks for a tag that needs no commit', async () => {
    await using checkout = await openCheckout('small')
    await rm(join(checkout.directory, '.git'), { recursive: true })
    expect(told(await pce(checkout, ['run']), checkout)).toBe(text`
      exit code 0
      Verdicts
        contract:web  passed about web linux/amd64 sha256:DIGEST

      Passed in T:
        web linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `)
    expect(await pce(checkout, ['run', '--push', '--registries', '127.0.0.1:1'])).toMatchObject({
      exitCode: 2,
      stderr: `tags: type=sha needs a Git commit, and this is not a Git checkout
Name a tag instead: tags: [type=raw,value=…]
`,
    })
  }, 60_000)
})text`
  exit code 3
  Verdicts
    build:web  cancelled: needs builder, which ended broken
    builder    broken: could not be done: docker version: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.
    staging    cancelled: not worth going on: builder broken

  Broken in T
  Record: RUNS/ID/run.json
`t { mkdir, rm } from 'node:fs/promises'

import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { type Checkout, type Given, openCheckout } from './support/checkout.ts'
import { pathWith, withoutPlugin } from './support/machine.ts'
import { pce } from './support/pce.ts'
import { told } from './support/refusal.ts'
import { text } from './support/text.ts'

describe('a machine that lacks', () => {
  const machines: { title: string; env: (checkout: Checkout) => Promise<Record<string, string>>; end: string }[] = [
    { title: 'an engine', env: async () => ({ DOCKER_HOST: 'unix:///no/such.sock' }), end: text`` },
    { title: 'docker', env: async checkout => ({ PATH: await pathWith(checkout, ['git', 'sh']) }), end: text`` },
    { title: 'buildx', env: checkout => withoutPlugin(checkout, 'buildx'), end: text`` },
  ]
  it.each(machines)(
    '$title says what to do',
    async ({ env, end }) => {
      await using checkout = await openCheckout('small')
      expect(told(await pce(checkout, ['build'], await env(checkout)), checkout)).toBe(end)
    },
    30_000,
  )

  it('an engine can not clean, and says so', async () => {
    await using checkout = await openCheckout('small')
    const DOCKER_HOST = 'unix:///no/such.sock'
    expect(await pce(checkout, ['clean'], { DOCKER_HOST })).toMatchObject({
      exitCode: 3,
      stderr: text`
        Look for containers: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.

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
Name one in pce.yml: registries: [ghcr.io]
`,
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
    expect({
      ...ended,
      stderr: ended.stderr.replaceAll(join(checkout.directory, '..'), 'TMP').replace(/[0-9a-f]{8}\b/g, 'ID'),
    }).toMatchObject({ exitCode: 3, stderr: '' })
  })
})

describe('without a Git repository', () => {
  it('a run passes; a push asks for a tag that needs no commit', async () => {
    await using checkout = await openCheckout('small')
    await rm(join(checkout.directory, '.git'), { recursive: true })
    expect(told(await pce(checkout, ['run']), checkout)).toBe(text``)
    expect(await pce(checkout, ['run', '--push', '--registries', '127.0.0.1:1'])).toMatchObject({
      exitCode: 2,
      stderr: `tags: type=sha needs a Git commit, and this is not a Git checkout
Name a tag instead: tags: [type=raw,value=…]
`,
    })
  }, 60_000)
})text`
  exit code 3
  Verdicts
    build:web  cancelled: needs builder, which ended broken
    builder    broken: could not be done: docker is not on PATH
        Install Docker: https://docs.docker.com/engine/install/
    staging    broken: could not be done: docker is not on PATH
        Install Docker: https://docs.docker.com/engine/install/

  Broken in T
  Record: RUNS/ID/run.json
`t { mkdir, rm } from 'node:fs/promises'

import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { type Checkout, type Given, openCheckout } from './support/checkout.ts'
import { pathWith, withoutPlugin } from './support/machine.ts'
import { pce } from './support/pce.ts'
import { told } from './support/refusal.ts'
import { text } from './support/text.ts'

describe('a machine that lacks', () => {
  const machines: { title: string; env: (checkout: Checkout) => Promise<Record<string, string>>; end: string }[] = [
    { title: 'an engine', env: async () => ({ DOCKER_HOST: 'unix:///no/such.sock' }), end: text`` },
    { title: 'docker', env: async checkout => ({ PATH: await pathWith(checkout, ['git', 'sh']) }), end: text`` },
    { title: 'buildx', env: checkout => withoutPlugin(checkout, 'buildx'), end: text`` },
  ]
  it.each(machines)(
    '$title says what to do',
    async ({ env, end }) => {
      await using checkout = await openCheckout('small')
      expect(told(await pce(checkout, ['build'], await env(checkout)), checkout)).toBe(end)
    },
    30_000,
  )

  it('an engine can not clean, and says so', async () => {
    await using checkout = await openCheckout('small')
    const DOCKER_HOST = 'unix:///no/such.sock'
    expect(await pce(checkout, ['clean'], { DOCKER_HOST })).toMatchObject({
      exitCode: 3,
      stderr: text`
        Look for containers: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.

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
Name one in pce.yml: registries: [ghcr.io]
`,
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
    expect({
      ...ended,
      stderr: ended.stderr.replaceAll(join(checkout.directory, '..'), 'TMP').replace(/[0-9a-f]{8}\b/g, 'ID'),
    }).toMatchObject({ exitCode: 3, stderr: '' })
  })
})

describe('without a Git repository', () => {
  it('a run passes; a push asks for a tag that needs no commit', async () => {
    await using checkout = await openCheckout('small')
    await rm(join(checkout.directory, '.git'), { recursive: true })
    expect(told(await pce(checkout, ['run']), checkout)).toBe(text``)
    expect(await pce(checkout, ['run', '--push', '--registries', '127.0.0.1:1'])).toMatchObject({
      exitCode: 2,
      stderr: `tags: type=sha needs a Git commit, and this is not a Git checkout
Name a tag instead: tags: [type=raw,value=…]
`,
    })
  }, 60_000)
})text`
  exit code 3
  Verdicts
    build:web  cancelled: needs builder, which ended broken
    builder    broken: could not be done: docker version: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.
    staging    cancelled: not worth going on: builder broken

  Broken in T
  Record: RUNS/ID/run.json
`t { mkdir, rm } from 'node:fs/promises'

import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { type Checkout, type Given, openCheckout } from './support/checkout.ts'
import { pathWith, withoutPlugin } from './support/machine.ts'
import { pce } from './support/pce.ts'
import { told } from './support/refusal.ts'
import { text } from './support/text.ts'

describe('a machine that lacks', () => {
  const machines: { title: string; env: (checkout: Checkout) => Promise<Record<string, string>>; end: string }[] = [
    { title: 'an engine', env: async () => ({ DOCKER_HOST: 'unix:///no/such.sock' }), end: text`` },
    { title: 'docker', env: async checkout => ({ PATH: await pathWith(checkout, ['git', 'sh']) }), end: text`` },
    { title: 'buildx', env: checkout => withoutPlugin(checkout, 'buildx'), end: text`` },
  ]
  it.each(machines)(
    '$title says what to do',
    async ({ env, end }) => {
      await using checkout = await openCheckout('small')
      expect(told(await pce(checkout, ['build'], await env(checkout)), checkout)).toBe(end)
    },
    30_000,
  )

  it('an engine can not clean, and says so', async () => {
    await using checkout = await openCheckout('small')
    const DOCKER_HOST = 'unix:///no/such.sock'
    expect(await pce(checkout, ['clean'], { DOCKER_HOST })).toMatchObject({
      exitCode: 3,
      stderr: text`
        Look for containers: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.

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
Name one in pce.yml: registries: [ghcr.io]
`,
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
    expect({
      ...ended,
      stderr: ended.stderr.replaceAll(join(checkout.directory, '..'), 'TMP').replace(/[0-9a-f]{8}\b/g, 'ID'),
    }).toMatchObject({ exitCode: 3, stderr: '' })
  })
})

describe('without a Git repository', () => {
  it('a run passes; a push asks for a tag that needs no commit', async () => {
    await using checkout = await openCheckout('small')
    await rm(join(checkout.directory, '.git'), { recursive: true })
    expect(told(await pce(checkout, ['run']), checkout)).toBe(text``)
    expect(await pce(checkout, ['run', '--push', '--registries', '127.0.0.1:1'])).toMatchObject({
      exitCode: 2,
      stderr: `tags: type=sha needs a Git commit, and this is not a Git checkout
Name a tag instead: tags: [type=raw,value=…]
`,
    })
  }, 60_000)
})text`
  exit code 3
  Verdicts
    build:web  cancelled: needs builder, which ended broken
    builder    broken: could not be done: docker buildx version: Run 'docker --help' for more information
        Install the buildx plugin: https://docs.docker.com/build/install-buildx/
    staging    cancelled: not worth going on: builder broken

  Broken in T
  Record: RUNS/ID/run.json
`t { mkdir, rm } from 'node:fs/promises'

import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { type Checkout, type Given, openCheckout } from './support/checkout.ts'
import { pathWith, withoutPlugin } from './support/machine.ts'
import { pce } from './support/pce.ts'
import { told } from './support/refusal.ts'
import { text } from './support/text.ts'

describe('a machine that lacks', () => {
  const machines: { title: string; env: (checkout: Checkout) => Promise<Record<string, string>>; end: string }[] = [
    { title: 'an engine', env: async () => ({ DOCKER_HOST: 'unix:///no/such.sock' }), end: text`` },
    { title: 'docker', env: async checkout => ({ PATH: await pathWith(checkout, ['git', 'sh']) }), end: text`` },
    { title: 'buildx', env: checkout => withoutPlugin(checkout, 'buildx'), end: text`` },
  ]
  it.each(machines)(
    '$title says what to do',
    async ({ env, end }) => {
      await using checkout = await openCheckout('small')
      expect(told(await pce(checkout, ['build'], await env(checkout)), checkout)).toBe(end)
    },
    30_000,
  )

  it('an engine can not clean, and says so', async () => {
    await using checkout = await openCheckout('small')
    const DOCKER_HOST = 'unix:///no/such.sock'
    expect(await pce(checkout, ['clean'], { DOCKER_HOST })).toMatchObject({
      exitCode: 3,
      stderr: text`
        Look for containers: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.

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
Name one in pce.yml: registries: [ghcr.io]
`,
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
    expect({
      ...ended,
      stderr: ended.stderr.replaceAll(join(checkout.directory, '..'), 'TMP').replace(/[0-9a-f]{8}\b/g, 'ID'),
    }).toMatchObject({ exitCode: 3, stderr: '' })
  })
})

describe('without a Git repository', () => {
  it('a run passes; a push asks for a tag that needs no commit', async () => {
    await using checkout = await openCheckout('small')
    await rm(join(checkout.directory, '.git'), { recursive: true })
    expect(told(await pce(checkout, ['run']), checkout)).toBe(text``)
    expect(await pce(checkout, ['run', '--push', '--registries', '127.0.0.1:1'])).toMatchObject({
      exitCode: 2,
      stderr: `tags: type=sha needs a Git commit, and this is not a Git checkout
Name a tag instead: tags: [type=raw,value=…]
`,
    })
  }, 60_000)
})text`
  exit code 3
  Verdicts
    build:web  cancelled: needs builder, which ended broken
    builder    broken: could not be done: docker version: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.
    staging    cancelled: not worth going on: builder broken

  Broken in T
  Record: RUNS/ID/run.json
`t { mkdir, rm } from 'node:fs/promises'

import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { type Checkout, type Given, openCheckout } from './support/checkout.ts'
import { pathWith, withoutPlugin } from './support/machine.ts'
import { pce } from './support/pce.ts'
import { told } from './support/refusal.ts'
import { text } from './support/text.ts'

describe('a machine that lacks', () => {
  const machines: { title: string; env: (checkout: Checkout) => Promise<Record<string, string>>; end: string }[] = [
    { title: 'an engine', env: async () => ({ DOCKER_HOST: 'unix:///no/such.sock' }), end: text`` },
    { title: 'docker', env: async checkout => ({ PATH: await pathWith(checkout, ['git', 'sh']) }), end: text`` },
    { title: 'buildx', env: checkout => withoutPlugin(checkout, 'buildx'), end: text`` },
  ]
  it.each(machines)(
    '$title says what to do',
    async ({ env, end }) => {
      await using checkout = await openCheckout('small')
      expect(told(await pce(checkout, ['build'], await env(checkout)), checkout)).toBe(end)
    },
    30_000,
  )

  it('an engine can not clean, and says so', async () => {
    await using checkout = await openCheckout('small')
    const DOCKER_HOST = 'unix:///no/such.sock'
    expect(await pce(checkout, ['clean'], { DOCKER_HOST })).toMatchObject({
      exitCode: 3,
      stderr: text`
        Look for containers: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.

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
Name one in pce.yml: registries: [ghcr.io]
`,
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
    expect({
      ...ended,
      stderr: ended.stderr.replaceAll(join(checkout.directory, '..'), 'TMP').replace(/[0-9a-f]{8}\b/g, 'ID'),
    }).toMatchObject({ exitCode: 3, stderr: '' })
  })
})

describe('without a Git repository', () => {
  it('a run passes; a push asks for a tag that needs no commit', async () => {
    await using checkout = await openCheckout('small')
    await rm(join(checkout.directory, '.git'), { recursive: true })
    expect(told(await pce(checkout, ['run']), checkout)).toBe(text``)
    expect(await pce(checkout, ['run', '--push', '--registries', '127.0.0.1:1'])).toMatchObject({
      exitCode: 2,
      stderr: `tags: type=sha needs a Git commit, and this is not a Git checkout
Name a tag instead: tags: [type=raw,value=…]
`,
    })
  }, 60_000)
})text`
  exit code 3
  Verdicts
    build:web  cancelled: needs builder, which ended broken
    builder    broken: could not be done: docker is not on PATH
        Install Docker: https://docs.docker.com/engine/install/
    staging    broken: could not be done: docker is not on PATH
        Install Docker: https://docs.docker.com/engine/install/

  Broken in T
  Record: RUNS/ID/run.json
`t { mkdir, rm } from 'node:fs/promises'

import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { type Checkout, type Given, openCheckout } from './support/checkout.ts'
import { pathWith, withoutPlugin } from './support/machine.ts'
import { pce } from './support/pce.ts'
import { told } from './support/refusal.ts'
import { text } from './support/text.ts'

describe('a machine that lacks', () => {
  const machines: { title: string; env: (checkout: Checkout) => Promise<Record<string, string>>; end: string }[] = [
    { title: 'an engine', env: async () => ({ DOCKER_HOST: 'unix:///no/such.sock' }), end: text`` },
    { title: 'docker', env: async checkout => ({ PATH: await pathWith(checkout, ['git', 'sh']) }), end: text`` },
    { title: 'buildx', env: checkout => withoutPlugin(checkout, 'buildx'), end: text`` },
  ]
  it.each(machines)(
    '$title says what to do',
    async ({ env, end }) => {
      await using checkout = await openCheckout('small')
      expect(told(await pce(checkout, ['build'], await env(checkout)), checkout)).toBe(end)
    },
    30_000,
  )

  it('an engine can not clean, and says so', async () => {
    await using checkout = await openCheckout('small')
    const DOCKER_HOST = 'unix:///no/such.sock'
    expect(await pce(checkout, ['clean'], { DOCKER_HOST })).toMatchObject({
      exitCode: 3,
      stderr: text`
        Look for containers: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.

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
Name one in pce.yml: registries: [ghcr.io]
`,
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
    expect({
      ...ended,
      stderr: ended.stderr.replaceAll(join(checkout.directory, '..'), 'TMP').replace(/[0-9a-f]{8}\b/g, 'ID'),
    }).toMatchObject({ exitCode: 3, stderr: '' })
  })
})

describe('without a Git repository', () => {
  it('a run passes; a push asks for a tag that needs no commit', async () => {
    await using checkout = await openCheckout('small')
    await rm(join(checkout.directory, '.git'), { recursive: true })
    expect(told(await pce(checkout, ['run']), checkout)).toBe(text``)
    expect(await pce(checkout, ['run', '--push', '--registries', '127.0.0.1:1'])).toMatchObject({
      exitCode: 2,
      stderr: `tags: type=sha needs a Git commit, and this is not a Git checkout
Name a tag instead: tags: [type=raw,value=…]
`,
    })
  }, 60_000)
})text`
  exit code 3
  Verdicts
    build:web  cancelled: needs builder, which ended broken
    builder    broken: could not be done: docker version: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.
    staging    cancelled: not worth going on: builder broken

  Broken in T
  Record: RUNS/ID/run.json
`t { mkdir, rm } from 'node:fs/promises'

import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Checkout, type Given, openCheckout } from './support/checkout.ts'
import { pathWith, withoutPlugin } from './support/machine.ts'
import { pce } from './support/pce.ts'
import { told } from './support/refusal.ts'
import { text } from './support/text.ts'

describe('a machine that lacks', () => {
  const machines: { title: string; env: (checkout: Checkout) => Promise<Record<string, string>>; end: string }[] = [
    { title: 'an engine', env: async () => ({ DOCKER_HOST: 'unix:///no/such.sock' }), end: text`` },
    { title: 'docker', env: async checkout => ({ PATH: await pathWith(checkout, ['git', 'sh']) }), end: text`` },
    { title: 'buildx', env: checkout => withoutPlugin(checkout, 'buildx'), end: text`` },
  ]
  it.each(machines)(
    '$title says what to do',
    async ({ env, end }) => {
      await using checkout = await openCheckout('small')
      expect(told(await pce(checkout, ['build'], await env(checkout)), checkout)).toBe(end)
    },
    30_000,
  )

  it('an engine can not clean, and says so', async () => {
    await using checkout = await openCheckout('small')
    const DOCKER_HOST = 'unix:///no/such.sock'
    expect(await pce(checkout, ['clean'], { DOCKER_HOST })).toMatchObject({
      exitCode: 3,
      stderr: text`
        Look for containers: the Docker engine does not answer (any more)
        Start Docker Desktop, or \`sudo systemctl start docker\`, and see that \`docker info\` answers.

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
Name one in pce.yml: registries: [ghcr.io]
`,
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
    expect({
      ...ended,
      stderr: ended.stderr.replaceAll(join(checkout.directory, '..'), 'TMP').replace(/[0-9a-f]{8}\b/g, 'ID'),
    }).toMatchObject({ exitCode: 3, stderr: '' })
  })
})

describe('without a Git repository', () => {
  it('a run passes; a push asks for a tag that needs no commit', async () => {
    await using checkout = await openCheckout('small')
    await rm(join(checkout.directory, '.git'), { recursive: true })
    expect(told(await pce(checkout, ['run']), checkout)).toBe(text``)
    expect(await pce(checkout, ['run', '--push', '--registries', '127.0.0.1:1'])).toMatchObject({
      exitCode: 2,
      stderr: `tags: type=sha needs a Git commit, and this is not a Git checkout
Name a tag instead: tags: [type=raw,value=…]
`,
    })
  }, 60_000)
})
