import { describe, expect, it } from '@jest/globals'
import type { Override } from '../../src/config/override.ts'
import { splitList } from '../../src/config/parse-text.ts'
import { valueAt } from '../../src/config/tree.ts'
import { load, refusal } from './given.ts'

const over = (path: string, text: string, from = `input ${path}`): Override => ({ path: path.split('.'), text, from })

describe('text of an input or a flag becomes what the schema wants', () => {
  it.each([
    { path: 'scan.block', text: 'low', value: 'low' },
    { path: 'scan.source', text: 'false', value: false },
    { path: 'scan.source', text: ' True ', value: true },
    { path: 'scan.ignore', text: 'CVE-1, CVE-2\n\nCVE-3\n', value: ['CVE-1', 'CVE-2', 'CVE-3'] },
    { path: 'registries', text: 'ghcr.io', value: ['ghcr.io'] },
    { path: 'hadolint', text: 'false', value: false },
    { path: 'hadolint', text: '{ threshold: error }', value: { threshold: 'error' } },
    { path: 'hadolint', text: 'threshold: info', value: { threshold: 'info' } },
    { path: 'images.web.platforms', text: 'linux/amd64,linux/arm64', value: ['linux/amd64', 'linux/arm64'] },
    {
      path: 'images.web.tags',
      text: 'type=sha,type=raw,value=v1,edge',
      value: ['type=sha', 'type=raw,value=v1', 'edge'],
    },
    { path: 'images.web.build.build-args', text: 'B=x=y\n  C = z, 1\n', value: { A: '1', B: 'x=y', C: ' z, 1' } },
    { path: 'images.web.build.build-args', text: 'A=2', value: { A: '2' } },
    { path: 'images.web.build.build-args', text: '"B=x\ny"\nC="q" r', value: { A: '1', B: 'x\ny', C: '"q" r' } },
    { path: 'images.web.build.build-contexts', text: 'base=docker-image://a,b', value: { base: 'docker-image://a,b' } },
    { path: 'images.web.build.secrets', text: 'NPM_TOKEN, HEX_KEY?', value: ['NPM_TOKEN', 'HEX_KEY?'] },
    { path: 'images.web.build.secret-envs', text: 'a=NPM,b=HEX\nc?=X', value: { a: 'NPM', b: 'HEX', 'c?': 'X' } },
    { path: 'images.web.build.secret-files', text: 'a=x,y.txt', value: { a: 'x,y.txt' } },
    { path: 'images.web.build.ssh', text: 'default,"git=a,b"', value: ['default', 'git=a,b'] },
    { path: 'images.web.build.add-hosts', text: 'a:1.2.3.4, b:::1', value: ['a:1.2.3.4', 'b:::1'] },
    { path: 'images.web.build.attests', text: 'type=provenance,mode=max', value: ['type=provenance,mode=max'] },
    { path: 'images.web.build.outputs', text: 'type=local,"dest=a,b"', value: ['type=local,"dest=a,b"'] },
    { path: 'images.web.build.no-cache', text: 'TRUE', value: true },
    { path: 'images.web.build.no-cache', text: 'false', value: undefined },
    { path: 'images.web.build.provenance', text: 'false', value: false },
    { path: 'images.web.build.provenance', text: 'mode=max', value: 'mode=max' },
    { path: 'images.web.build.call', text: 'build', value: undefined },
    { path: 'images.web.build.context', text: '{{defaultContext}}:app', value: '{{defaultContext}}:app' },
    { path: 'images.web.app.port', text: '8080', value: 8080 },
    { path: 'images.web.app.before', text: 'bin/migrate, then wait', value: 'bin/migrate, then wait' },
    { path: 'images.web.unit.timeout', text: '90 s', value: 90_000 },
    { path: 'images.web.newman.collections', text: 'postman/{a,b}.json', value: ['postman/{a,b}.json'] },
    { path: 'images.web.newman.min-requests', text: '30', value: 30 },
  ])('$path: $text', ({ path, text, value }) => {
    const file =
      'image: web\nbuild: { build-args: { A: 1 } }\nscan: { block: critical, ignore: OLD }\napp: { port: 1 }\nunit: { target: t }\nnewman: old.json\n'
    const key = path.replace('images.web.', '')
    expect(valueAt(load({ text: file, overrides: [over(key, text)] }).config, path.split('.'))).toEqual(value)
  })
})

describe('a fault in an input or a flag names it', () => {
  const file = 'image: a\napp: { port: 1 }\n'
  it.each([
    {
      overrides: [over('scan.block', 'hgih', '--block')],
      error:
        '--block  scan.block: found "hgih", expected one of low, medium, high, critical, none; did you mean "high"?',
    },
    {
      overrides: [over('scan.source', 'yes')],
      error: 'input scan.source  scan.source: found "yes", expected true or false; did you mean true?',
    },
    {
      overrides: [over('app.port', 'http')],
      error: 'input app.port  app.port: found "http", expected a port from 1 to 65535',
    },
    {
      overrides: [over('platforms', 'linux/amd64\nlinux/amd46')],
      error: 'input platforms  platforms[1]: found "linux/amd46", expected a platform such as linux/amd64, or native',
    },
    {
      overrides: [over('platforms', 'linux/amd64\namd64')],
      error: 'input platforms  platforms[1]: found "amd64", expected a platform such as linux/amd64, or native',
    },
    {
      overrides: [over('build.build-args', 'A=1\nghp_secret')],
      error: `input build.build-args  build.build-args: line 2 is not NAME=value (not shown); a value of several lines stands in quotes, one of the environment is NAME=\${{ env.NAME }}, and there are no comments here`,
    },
    {
      overrides: [over('build.build-args', 'A-B=1')],
      error:
        'input build.build-args  build.build-args.A-B: found the name "A-B", expected the name of an environment variable',
    },
    {
      overrides: [over('hadolint', '{ threshold')],
      error: 'input hadolint  hadolint: line 1: Flow map must end with a }',
    },
    {
      overrides: [over('hadolint', 'threshold: bad')],
      error: 'input hadolint  hadolint.threshold: found "bad", expected one of error, warning, info, style',
    },
    {
      overrides: [over('build.outputs', 'type=registry')],
      error:
        'input build.outputs  build.outputs[0]: found "type=registry", expected an output on this machine (local, tar, oci, docker): for a registry take it out, set push: true, and name the place in images or tags',
    },
    {
      overrides: [over('build.outputs', 'type=docker')],
      error:
        'input build.outputs  build.outputs[0]: found "type=docker", expected a file to write it to (dest=…): the image gets into the engine with load: true',
    },
    {
      overrides: [over('build.outputs', 'type=local')],
      error: 'input build.outputs  build.outputs[0]: found "type=local", expected a path to write it to: dest=…',
    },
    {
      overrides: [over('build.outputs', 'out')],
      error:
        'input build.outputs  build.outputs[0]: found "out", expected an output such as type=local,dest=out, of type local, tar, oci or docker',
    },
    {
      overrides: [over('build.attests', 'sbom')],
      error:
        'input build.attests  build.attests[0]: found "sbom", expected an attestation such as type=provenance,mode=max or type=sbom',
    },
    {
      overrides: [over('build.call', 'lint')],
      error: 'input build.call  build.call: found "lint", expected one of build, check, outline, targets',
    },
    {
      overrides: [over('build.network', 'bridge')],
      error: 'input build.network  build.network: found "bridge", expected one of default, none, host',
    },
    {
      overrides: [over('build.allow', 'all')],
      error:
        'input build.allow  build.allow[0]: found "all", expected an entitlement such as network.host or security.insecure',
    },
    {
      overrides: [over('build.add-hosts', 'db')],
      error: 'input build.add-hosts  build.add-hosts[0]: found "db", expected a host and its address: db:10.0.0.2',
    },
    {
      overrides: [over('build.shm-size', 'big')],
      error: 'input build.shm-size  build.shm-size: found "big", expected a size such as 128m or 2g',
    },
    {
      overrides: [over('build.ulimit', 'nofile')],
      error: 'input build.ulimit  build.ulimit[0]: found "nofile", expected a limit such as nofile=1024:2048',
    },
    {
      overrides: [over('build.provenance', 'max')],
      error:
        'input build.provenance  build.provenance: found "max", expected true, false, or attributes such as mode=max',
    },
    {
      overrides: [over('build.secret-envs', 'a b=X')],
      error:
        'input build.secret-envs  build.secret-envs."a b": found the name "a b", expected the id of a secret: letters, digits, dots and dashes',
    },
    {
      overrides: [over('build.secret-envs', 'A=GITHUB_TOKEN')],
      error:
        'input build.secret-envs  build.secret-envs.A: found "GITHUB_TOKEN", expected a secret with a name of its own, such as NPM_TOKEN: this name is for what pce or the job itself may do; give the value under another name (that of GITHUB_TOKEN as GH_PACKAGES_TOKEN)',
    },
    {
      overrides: [over('build.pull', 'yes')],
      error: 'input build.pull  build.pull: found "yes", expected true or false; did you mean true?',
    },
    {
      overrides: [over('build.build-args', '"A=1')],
      error:
        'input build.build-args  build.build-args: an item that begins with a quote must end with one; a quote in it is written twice (not shown)',
    },
    { overrides: [over('unit.run', 'make test', '--run')], error: '--run  unit.target: missing, expected text' },
    {
      overrides: [over('compose', 'a.yaml', '--compose'), over('services', 'db: pg')],
      error: '--compose  compose: given together with services; keep one of them',
    },
    {
      overrides: [over('build.secrets', 'NPM_TOKEN=abc')],
      error:
        'input build.secrets  build.secrets[0]: found a value (not shown), expected the name of an environment variable: secrets are named here, and their values given in the environment',
    },
  ])('$error', ({ overrides, error }) => {
    expect(refusal(() => load({ text: file, overrides }))).toBe(error)
  })

  it('beside the faults of the file', () => {
    const overrides = [over('scan.block', 'x', '--block')]
    expect(refusal(() => load({ text: 'image: A\n', overrides })).split('\n')).toEqual([
      '--block  scan.block: found "x", expected one of low, medium, high, critical, none',
      'pce.yml:1:1  image: found "A", expected an image name such as acme/web or ghcr.io/acme/web: lower case, without tag or digest',
    ])
  })

  it('and is told once where there are several images', () => {
    const text = 'images: { a: { image: a }, b: { image: b } }\n'
    expect(refusal(() => load({ text, overrides: [over('build.target', '')] }))).toBe(
      'input build.target  build.target: found "", expected text that is not empty',
    )
  })
})

describe('overrides', () => {
  it('win over each image and over the root', () => {
    const text = 'build: { target: root }\nimages: { a: { image: a, build: { target: own } }, b: { image: b } }\n'
    const { images } = load({ text, overrides: [over('build.target', 'mine')] }).config
    expect(Object.values(images).map(({ build }) => build.target)).toEqual(['mine', 'mine'])
  })

  it('mend what is wrong in the file', () => {
    expect(
      load({ text: 'image: a\nscan: { block: x }\n', overrides: [over('scan.block', 'low')] }).config.scan.block,
    ).toBe('low')
  })

  it('of two for one key, the later wins', () => {
    const overrides = [over('scan.block', 'low'), over('scan.block', 'none')]
    expect(load({ overrides }).config.scan.block).toBe('none')
  })
})

it.each([
  ['a', ['a']],
  ['a,b', ['a', 'b']],
  ['a\r\nb\r\n', ['a', 'b']],
  ['type=sha,type=ref', ['type=sha', 'type=ref']],
  ['type=raw,value=a, type=semver', ['type=raw,value=a', 'type=semver']],
  ['{a,b},c', ['{a,b}', 'c']],
  [' , ', []],
])('splitList(%j)', (text, items) => {
  expect(splitList(text)).toEqual(items)
})
