import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { openRunner } from '../workflows/support/runner.ts'
import { runStep } from './support/action.ts'
import { openCheckout } from './support/checkout.ts'
import { pce } from './support/pce.ts'
import { loginFor } from './support/refusal.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web', 'acme/site', 'acme/words'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

const reason = (parts: { task: string; reason?: string | undefined }[] | undefined, id: string) =>
  parts?.find(({ task }) => task === id)?.reason

describe('pce build --push', () => {
  const push = (...argv: string[]) => ['build', '--push', '--registries', ecr.host, ...argv]

  it('pushes what it has built, and says that no verdict was asked for', async () => {
    await using checkout = await openCheckout('small')
    const ended = await pce(checkout, push('--tags', 'type=sha\nedge'), loginFor(ecr))
    expect([ended.exitCode, reason(ended.record?.tasks, 'gate')]).toEqual([
      0,
      'no verdict was asked for: nothing scanned or tested this image',
    ])
    expect(ended.stderr).toContain('no verdict was asked for: nothing scanned or tested this image')
    const commit = await checkout.git('rev-parse', 'HEAD')
    expect(await ecr.tags('acme/web')).toEqual(['edge', `sha-${commit.slice(0, 7)}`])
    const digests = new Set(ended.record?.pushed.map(({ digest }) => digest))
    expect([...digests]).toEqual(ended.record?.images.map(({ digest }) => digest))
  }, 60_000)

  it('not what an earlier command found bad: neither now nor when it is asked again, nor in another way', async () => {
    await using checkout = await openCheckout('small', {
      files: { Dockerfile: 'FROM scratch\nCOPY package.json /\n' },
    })
    expect((await pce(checkout, ['build'])).exitCode).toBe(0)
    const before = ecr.log.length
    await pce(checkout, ['test'])
    for (const argv of [push(), push(), ['push', '--registries', ecr.host]]) {
      const ended = await pce(checkout, argv, loginFor(ecr))
      expect([ended.exitCode, reason(ended.record?.tasks, 'gate')]).toEqual([
        1,
        expect.stringMatching(/^contract:web failed: /),
      ])
    }
    expect(ecr.log.slice(before)).toEqual([])
  }, 120_000)

  it('but another image is another matter', async () => {
    const checks = { clean: '! grep -q BAD notes' }
    await using checkout = await openCheckout('small', { config: { checks }, files: { notes: 'BAD' } })
    expect((await pce(checkout, ['check'])).exitCode).toBe(1)
    expect((await pce(checkout, push(), loginFor(ecr))).exitCode).toBe(1)
    await checkout.write({ notes: 'fine' })
    expect((await pce(checkout, push(), loginFor(ecr))).exitCode).toBe(0)
  }, 120_000)

  it('says that one platform has no index for what is to be on it', async () => {
    await using checkout = await openCheckout('small')
    const { exitCode, stderr } = await pce(checkout, push('--annotations', 'index:com.acme.a=b'), loginFor(ecr))
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining('annotations of index: are left out of web, since one platform has no index'),
    ])
  }, 60_000)

  it('a plain push still wants a verdict', async () => {
    await using checkout = await openCheckout('small')
    expect((await pce(checkout, push('--tags', 'once'), loginFor(ecr))).exitCode).toBe(0)
    const ended = await pce(checkout, ['push', '--registries', ecr.host, '--tags', 'twice'], loginFor(ecr))
    expect(ended.exitCode).toBe(1)
    expect(await ecr.tags('acme/web')).not.toContain('twice')
  }, 60_000)
})

describe('secrets of a build that are words of other things by chance', () => {
  // The owner of the image, and a digit that every digest has.
  it.each(['acme', '1', 'passed'])(
    '%s: digests, names and outputs stay what they are',
    async secret => {
      await using checkout = await openCheckout('small')
      const inputs = {
        secrets: `K=${secret}`,
        push: 'true',
        images: `${ecr.host}/acme/words`,
        tags: 'words',
        username: 'AWS',
        password: ecr.token,
      }
      const build = await runStep(checkout, 'build.js', { inputs })
      const post = await runStep(checkout, 'build-post.js', { env: { STATE_run: build.state.run ?? '' } })
      expect([post.exitCode, post.stdout]).toEqual([0, expect.not.stringContaining('::warning')])
      expect([build.exitCode, build.outputs.image]).toEqual([
        0,
        expect.stringMatching(/\/acme\/words@sha256:[0-9a-f]{64}$/),
      ])
      expect(JSON.parse(build.outputs.pushed ?? '')).toEqual([`${ecr.host}/acme/words:words@${build.outputs.digest}`])
    },
    60_000,
  )
})

describe('the build action with push: true', () => {
  it('goes to each of images with each tag, and its outputs say what came of it', async () => {
    await using checkout = await openCheckout('small', {
      files: { 'docker-bake.hcl': 'target "docker-metadata-action" {}\n' },
    })
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'build-action-')))
    try {
      const runner = await openRunner(checkout.directory, folder)
      const commit = await checkout.git('rev-parse', 'HEAD')
      const step = runner.start('build.js', {
        INPUT_PUSH: 'true',
        INPUT_IMAGES: `${ecr.host}/acme/web\n# and\nname=${ecr.host}/Acme/Site`,
        INPUT_TAGS: `type=semver,pattern={{version}}\ntype=sha,format=long,enable={{is_not_default_branch}}\n${ecr.host}/acme/site:stable`,
        INPUT_FLAVOR: 'suffix=-x,onlatest=true',
        INPUT_LABELS: '# of ours\ncom.acme.team=web, all of it',
        INPUT_ANNOTATIONS: 'manifest:com.acme.note=a,b',
        INPUT_USERNAME: 'AWS',
        INPUT_PASSWORD: ecr.token,
        GITHUB_REF: 'refs/tags/v1.2.3',
        GITHUB_SHA: commit,
        GITHUB_EVENT_NAME: 'push',
      })
      expect([await step.ended, step.output()]).toEqual([0, expect.any(String)])
      const outputs = await runner.readCommands('GITHUB_OUTPUT')
      const { digest = '', imageid = '' } = outputs
      const tags = ['1.2.3-x', `sha-${commit}-x`, 'latest-x']
      const names = ['acme/web', 'acme/site'].map(name => `${ecr.host}/${name}`)
      expect(outputs).toMatchObject({
        image: `${ecr.host}/acme/web@${digest}`,
        version: '1.2.3-x',
        tags: [...names.flatMap(name => tags.map(tag => `${name}:${tag}`)), `${ecr.host}/acme/site:stable`].join('\n'),
        'tag-names': ['1.2.3-x', 'stable', ...tags.slice(1)].join('\n'),
        'platform-digests': JSON.stringify({ 'linux/amd64': digest }),
      })
      expect([await ecr.tags('acme/web'), await ecr.tags('acme/site')]).toEqual([
        expect.arrayContaining(tags),
        [...tags, 'stable'].sort(),
      ])
      const manifest = await ecr.manifest('acme/site', 'stable')
      expect(manifest?.digest).toBe(digest)
      expect(JSON.parse(manifest?.bytes.toString() ?? '')).toMatchObject({
        config: { digest: imageid },
        annotations: { 'com.acme.note': 'a,b', 'org.opencontainers.image.version': '1.2.3-x' },
      })
      expect(JSON.parse(outputs.json ?? '')).toMatchObject({ labels: { 'com.acme.team': 'web, all of it' } })
      expect(JSON.parse(outputs.metadata ?? '')).toMatchObject({ 'containerimage.digest': digest })
      expect(Number(outputs['cache-hit-ratio'])).toBeLessThanOrEqual(1)
      const all = JSON.parse(await readFile(outputs['outputs-file'] ?? '', 'utf8'))
      expect(all).toMatchObject({ ...outputs, 'all-images': { web: { digest, tags: outputs.tags?.split('\n') } } })
      expect(JSON.stringify(all)).not.toContain(ecr.token)
      await runner.start('build-post.js', { STATE_run: outputs.run ?? '' }).ended
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 120_000)
})
