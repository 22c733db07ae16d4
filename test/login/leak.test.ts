import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import { east, role } from './support/hosts.ts'
import { type Ended, type Job, openJob } from './support/job.ts'

const password = 'hunter2-and-some-more'

describe('every secret of a login', () => {
  let cloud: Cloud
  let job: Job
  let ended: Ended
  let secrets: readonly string[]
  const commands = new Set<string>()

  beforeAll(async () => {
    cloud = await openCloud()
    job = await openJob({ ...cloud.env, RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' })
    // Slow enough to be looked at while it runs.
    using _ = cloud.ecr.fault({ answer: 'throttled', times: 2 })
    const given = { registries: `${east}\nghcr.io`, 'role-to-assume': role, username: 'octocat', password }
    const running = job.start({ with: given })
    let over = false
    const end = running.ended.finally(() => {
      over = true
    })
    while (!over) for (const command of await commandLines()) commands.add(command)
    ended = await end
    secrets = secretsOf(ended)
  }, 30_000)
  afterAll(async () => {
    await job[Symbol.asyncDispose]()
    await cloud[Symbol.asyncDispose]()
  })

  it('was used', () => {
    expect(ended.exitCode).toBe(0)
    // The bearer, the ID token, key and token of the session, ECR's password and authorization, ours in two forms.
    expect(secrets).toHaveLength(8)
    expect(secrets).toContain(cloud.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN)
  })

  it('is in no output but where it is masked, and not before', () => {
    const lines = ended.raw.split('\n')
    const told = lines.filter(line => !line.startsWith('::add-mask::'))
    for (const secret of secrets) for (const form of formsOf(secret)) expect(told.join('\n')).not.toContain(form)
    expect(lines.findIndex(line => !line.startsWith('::add-mask::'))).toBeGreaterThan(5)
    for (const secret of secrets) expect(ended.stderr).not.toContain(secret)
  })

  it('is in no file but the private configuration', async () => {
    const entries = await readdir(job.root, { recursive: true, withFileTypes: true })
    const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    expect(files.length).toBeGreaterThan(4)
    const holding = await Promise.all(
      files.map(async file => {
        const text = await readFile(file, 'utf8')
        return secrets.some(secret => formsOf(secret).some(form => text.includes(form))) ? file : []
      }),
    )
    expect(holding.flat()).toEqual([join(ended.exported.DOCKER_CONFIG ?? '', 'config.json')])
  })

  it('is in no command line', () => {
    expect([...commands].some(command => command.includes('login.js'))).toBe(true)
    for (const secret of secrets)
      expect([...commands].filter(command => formsOf(secret).some(form => command.includes(form)))).toEqual([])
  })
})

const secretsOf = ({ raw }: Ended): readonly string[] => [
  ...new Set([...raw.matchAll(/^::add-mask::(.*)$/gm)].map(([, secret = '']) => secret)),
]
const formsOf = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString('base64'),
  encodeURIComponent(secret),
]

async function commandLines(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  return await Promise.all(ids.map(id => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')))
}
