import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { openActionsCache } from '../support/actions-cache/actions-cache.ts'
import { leftOf, nothing } from './support/left.ts'
import { resultsOf, stepIn } from './support/log.ts'
import { openWorld } from './support/world.ts'

/** The first RUN never changes; the second does with every commit, and finds what it left in its mount. */
const dockerfile = `FROM --platform=$BUILDPLATFORM debian:bookworm-slim AS build
RUN echo compiled > /app
COPY round /round
RUN --mount=type=cache,target=/warm cat /round >> /warm/rounds && cp /warm/rounds /rounds
FROM scratch
COPY --from=build /app /rounds /
USER 1000:1000
`

describe('the build action alone in a job', () => {
  it('pushes two platforms under tags by rules; a fresh builder finds layers and mounts again', async () => {
    await using service = await openActionsCache()
    const { ACTIONS_RUNTIME_TOKEN: token = '' } = service.env()
    await using world = await openWorld({
      workflow: 'build.yml',
      files: { Dockerfile: dockerfile, round: 'one\n', 'pce.yml': '' },
      variables: { CACHE_URL: `${service.origin}/` },
      secrets: { CACHE_TOKEN: token },
    })
    const { registry, repository, commit } = world

    const first = await world.run()
    expect([first.result, resultsOf(first)]).toEqual([
      'success',
      { 0: 'success', build: 'success', 'post build': 'success' },
    ])
    const { outputs } = stepIn(first, 'build')
    const places = [`${registry.host}/acme/web:main`, `${registry.host}/acme/web:sha-${commit}`]
    expect(outputs.tags?.split('\n').sort()).toEqual(places)
    expect(outputs.image).toBe(`${registry.host}/acme/web@${outputs.digest}`)
    expect(await registry.tags('acme/web')).toEqual(['main', `sha-${commit}`])
    expect((await registry.manifest('acme/web', 'main')).digest).toBe(outputs.digest)
    const platforms: Record<string, string> = JSON.parse(outputs['platform-digests'] ?? '')
    expect(Object.keys(platforms)).toEqual(['linux/amd64', 'linux/arm64'])
    const index = JSON.parse((await registry.manifest('acme/web', 'main')).bytes.toString('utf8'))
    expect(index.manifests.map(({ digest }: { digest: string }) => digest)).toEqual(Object.values(platforms))
    // What was not judged says so.
    expect(first.log).toContain('no verdict was asked for')
    expect(service.entries.length).toBeGreaterThan(0)

    await writeFile(join(repository, 'round'), 'two\n')
    const person = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com']
    await execa('git', [...person, 'commit', '--all', '--quiet', '--message', 'Two'], { cwd: repository })
    const second = await world.run()
    expect(second.result).toBe('success')
    const again = stepIn(second, 'build')
    expect(again.outputs.digest).not.toBe(outputs.digest)
    expect(again.lines.filter(line => line.includes('echo compiled')).join('\n')).toMatch(/CACHED/)
    expect(await rounds(registry.host, registry.token, `${registry.host}/acme/web@${again.outputs.digest}`)).toBe(
      'one\ntwo\n',
    )

    for (const { outputs: made } of [stepIn(first, 'build'), again])
      expect(await leftOf(made.run?.split('/').at(-1) ?? '')).toEqual(nothing)
    for (const secret of [token, registry.token]) expect(first.log + second.log).not.toContain(secret)
  }, 600_000)
})

/** What the image has in /rounds, read out of its layers by the engine. */
async function rounds(host: string, token: string, reference: string): Promise<string> {
  await execa('docker', ['login', '--username', 'AWS', '--password-stdin', host], { input: token })
  await execa('docker', ['pull', '--quiet', reference])
  const { stdout: id } = await execa('docker', ['create', reference, '/none'])
  const { stdout } = await execa('docker', ['cp', `${id}:/rounds`, '-'], { encoding: 'buffer' })
  await execa('docker', ['rm', id])
  await execa('docker', ['rmi', reference])
  await execa('docker', ['logout', host])
  return (await execa('tar', ['--extract', '--to-stdout'], { input: stdout, stripFinalNewline: false })).stdout
}
