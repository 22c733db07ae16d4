import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { resultsOf, stepIn } from './support/log.ts'
import { openWorld } from './support/world.ts'

const ownConfig = (): Promise<string> =>
  readFile(join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json'), 'utf8').catch(() => 'none')

describe('the login action', () => {
  it('serves docker in later steps, leaves the own configuration alone, and is gone at the end', async () => {
    const before = await ownConfig()
    const files = { Dockerfile: 'FROM scratch\nCOPY server.js /\n' }
    await using world = await openWorld({ workflow: 'login.yml', files })
    const { registry } = world
    const job = await world.run()
    expect([job.result, resultsOf(job)]).toEqual([
      'success',
      {
        '0': 'success',
        look: 'success',
        login: 'success',
        docker: 'success',
        'post login': 'success',
        'post look': 'success',
      },
    ])
    const { outputs, lines } = stepIn(job, 'login')
    expect(lines).toEqual([`Logged in to ${registry.host} for the steps that follow`])
    expect(outputs).toEqual({
      registry: registry.host,
      registries: JSON.stringify([registry.host]),
      'aws-account-id': '',
      'role-arn': '',
      'authenticated-arn': '',
      'expires-at': '',
      'docker-config': expect.stringMatching(`^${world.cache}/[0-9a-f]+/tmp/pce/[^/]+-[0-9a-f]{8}/login-[0-9a-f]{8}$`),
    })
    const image = `${registry.host}/acme/web:by-hand`
    expect(stepIn(job, 'docker').lines).toEqual([
      expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      image,
      image,
      `700 ${outputs['docker-config']}`,
      `600 ${outputs['docker-config']}/config.json`,
    ])
    expect(await registry.tags('acme/web')).toEqual(['by-hand'])
    expect(job.log).not.toContain(registry.token)
    expect(stepIn(job, 'post look').lines).toEqual(['{"logins":[],"containers":[]}'])
    expect(await ownConfig()).toBe(before)
  }, 120_000)
})
