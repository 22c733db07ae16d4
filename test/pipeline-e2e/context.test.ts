import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { openGitServer } from '../support/git-server.ts'
import { runStep, type Step } from './support/action.ts'
import { type Checkout, openCheckout } from './support/checkout.ts'
import { pce } from './support/pce.ts'

const token = 'ghs_t0ken-of-the-job'

const remote = { 'app/web.Dockerfile': 'FROM scratch\nCOPY hello /\nUSER 1000\n', 'app/hello': 'from the server\n' }

/** A repository on a server that asks for the token, and one step that builds from it. */
async function built(given: string): Promise<{ step: Step; log: readonly string[] }> {
  await using checkout = await openCheckout('small', { files: remote })
  const root = join(dirname(checkout.directory), 'server')
  await execa('git', ['clone', '--quiet', '--bare', checkout.directory, join(root, 'acme/web.git')])
  await using server = await openGitServer(root, token)
  // What is built is what the server has: the checkout has other files by now.
  await checkout.write({ 'app/hello': 'from the checkout\n' })
  const step = await runStep(checkout, 'build.js', {
    inputs: {
      context: '{{defaultContext}}:app',
      file: 'web.Dockerfile',
      outputs: 'type=local,dest=out',
      'github-token': given,
    },
    env: { GITHUB_SERVER_URL: server.url },
  })
  await close(checkout, step)
  const { stdout: hello } = await execa('cat', ['out/hello'], { cwd: checkout.directory, reject: false })
  return { step: { ...step, stdout: `${step.stdout}\nhello: ${hello}` }, log: [...server.log] }
}

const close = (checkout: Checkout, { state }: Step) =>
  runStep(checkout, 'build-post.js', {
    env: Object.fromEntries(Object.entries(state).map(([id, value]) => [`STATE_${id}`, value])),
  })

describe('a Git context', () => {
  it('is this repository at the commit, fetched with the token of the job, which nothing shows', async () => {
    const { step, log } = await built(token)
    expect(step).toMatchObject({ exitCode: 0 })
    expect(step.stdout).toContain('hello: from the server')
    expect(step.stdout.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain(token)
    expect(log).toContain('POST /acme/web.git/git-upload-pack 200')
  }, 120_000)

  it('that the token may not read ends the build with the reason', async () => {
    const { step, log } = await built('ghs_another')
    expect(step.exitCode).toBe(1)
    expect(step.stdout).toMatch(/::error.*could not read Username|::error.*[Aa]uthentication|::error.*git/)
    expect(log.filter(line => !line.endsWith(' 401'))).toEqual([])
  }, 120_000)
})

describe('BuildKit is asked about a Dockerfile', () => {
  const dockerfile = 'FROM debian:bookworm-slim AS Base\nMAINTAINER me\n'

  it('its checks are a verdict, and nothing is built', async () => {
    await using checkout = await openCheckout('small', {
      config: { build: { call: 'check' } },
      files: { Dockerfile: dockerfile },
    })
    const ended = await pce(checkout, ['build'])
    expect(ended.exitCode).toBe(1)
    const { tasks = [], images } = ended.record ?? {}
    expect(tasks.map(({ task, status, reason }) => [task, status, reason])).toEqual([
      ['builder', 'passed', expect.anything()],
      ['call:web', 'failed', "2 findings of BuildKit's checks"],
    ])
    const found = tasks
      .flatMap(({ findings = [] }) => findings)
      .map(({ rule, location, blocking }) => [rule, location, blocking])
    expect(found).toEqual([
      ['StageNameCasing', { file: 'Dockerfile', line: 1 }, true],
      ['MaintainerDeprecated', { file: 'Dockerfile', line: 2 }, true],
    ])
    expect(images).toEqual([])
  }, 60_000)

  it('and passes where they find nothing; its targets are told', async () => {
    await using checkout = await openCheckout('small', { config: { build: { call: 'check' } } })
    expect(await pce(checkout, ['build'])).toMatchObject({ exitCode: 0 })
    const targets = await pce(checkout, ['build', '--call', 'targets', '--verbose'])
    expect(targets).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/call:web \| TARGET/) })
  }, 60_000)
})
