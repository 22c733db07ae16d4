import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { UserError } from '../../src/errors.ts'
import { load } from './given.ts'

const example = `# pce.yml
image: acme/web
registries: [123456789012.dkr.ecr.eu-west-1.amazonaws.com, ghcr.io]
platforms: [linux/amd64, linux/arm64]
build: { file: deploy/debian.Dockerfile, target: prod, build-args: { ELIXIR_VER: 1.18.4, OTP_VER: 27.0 }, secrets: [NPM_TOKEN] }
checks:
  format: mix format --check-formatted
  credo: { run: [mix, credo, --all] }
  dialyzer: { run: mix dialyzer --format github, gate: advisory, weight: 2, timeout: 20 m }
hadolint: { threshold: error }
scan: { block: high, ignore-unfixed: true, ignore: CVE-2026-1234 }
unit: { target: test-image, run: mix test, env: { MIX_ENV: test }, junit: /app/junit.xml }
services: { db: postgres:17, cache: { image: redis:7, env: { A: 1 } } }
app: { port: 4000, ready: /healthz, before: bin/migrate }
newman: postman/*.postman_collection.json
contract: { user: non-root, size: 250 MB }
tags: [type=semver, type=ref, type=sha, 'type=raw,value=edge']
login: { role-to-assume: arn:aws:iam::123456789012:role/ci, create-repository: { immutable: true, tags: { team: web, tier: 1.0 } } }
cache: { type: none }
`

it('a pce.yml with every section', () => {
  expect(load({ text: example })).toEqual({
    file: 'pce.yml',
    notes: [],
    config: {
      images: {
        web: {
          image: 'acme/web',
          platforms: ['linux/amd64', 'linux/arm64'],
          build: {
            file: 'deploy/debian.Dockerfile',
            context: '.',
            target: 'prod',
            'build-args': { ELIXIR_VER: '1.18.4', OTP_VER: '27.0' },
            secrets: ['NPM_TOKEN'],
            labels: {},
          },
          unit: {
            target: 'test-image',
            run: 'mix test',
            env: { MIX_ENV: 'test' },
            junit: '/app/junit.xml',
            timeout: 600_000,
          },
          app: { port: 4000, ready: '/healthz', before: 'bin/migrate', env: {}, timeout: 60_000 },
          newman: {
            collections: ['postman/*.postman_collection.json'],
            'base-url-variable': 'baseUrl',
            'min-requests': 1,
            'min-assertions': 1,
            timeout: 300_000,
          },
          contract: { user: 'non-root', size: 250_000_000 },
          destinations: [
            { registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com', repository: 'acme/web' },
            { registry: 'ghcr.io', repository: 'acme/web' },
          ],
          tags: ['type=semver', 'type=ref', 'type=sha', 'type=raw,value=edge'],
          flavor: [],
          annotations: [],
        },
      },
      registries: ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'ghcr.io'],
      login: {
        'role-to-assume': 'arn:aws:iam::123456789012:role/ci',
        'role-chaining': false,
        'managed-session-policies': [],
        audience: 'sts.amazonaws.com',
        'allowed-account-ids': [],
        'action-timeout-s': 60,
        'create-repository': { immutable: true, 'scan-on-push': false, tags: { team: 'web', tier: '1.0' } },
      },
      checks: {
        format: { run: 'mix format --check-formatted', gate: 'blocking', weight: 1, timeout: 600_000 },
        credo: { run: ['mix', 'credo', '--all'], gate: 'blocking', weight: 1, timeout: 600_000 },
        dialyzer: { run: 'mix dialyzer --format github', gate: 'advisory', weight: 2, timeout: 1_200_000 },
      },
      hadolint: { threshold: 'error' },
      scan: { block: 'high', 'ignore-unfixed': true, ignore: ['CVE-2026-1234'], source: true, image: true },
      services: { db: { image: 'postgres:17', env: {} }, cache: { image: 'redis:7', env: { A: '1' } } },
      builder: { driver: 'auto', append: [], 'driver-opts': [], image: [], mirrors: {}, ca: {}, qemu: 'auto' },
      cache: { type: 'none', mode: 'max', timeout: 300_000 },
    },
  })
})

/** True when loading ends as it may: with a configuration, or with a UserError that says something. */
function endsWell(text: string, override = ''): boolean {
  const paths = [
    ['build', 'build-args'],
    ['newman', 'collections'],
    ['hadolint'],
    ['app', 'port'],
    ['tags'],
    ['services'],
  ]
  try {
    load({
      text,
      overrides: override === '' ? [] : paths.map(path => ({ path, text: override, from: path.join('.') })),
    })
    return true
  } catch (error) {
    if (error instanceof UserError) return error.message !== '' && !error.message.includes('Invalid input')
    throw error
  }
}

const pieces = [
  '\n',
  ': ',
  '  ',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '*a',
  '&a ',
  '!x ',
  '"',
  "'",
  '#',
  '~',
  '0',
  '<<: ',
  '__proto__',
  '\t',
  '\0',
  '😀',
  '|',
  '? ',
  '%',
]

it('random edits of it end with a configuration or a UserError, nothing else', () => {
  const edit = fc.record({ at: fc.nat(example.length), cut: fc.nat(8), put: fc.constantFrom('', ...pieces) })
  const edited = fc
    .array(edit, { minLength: 1, maxLength: 6 })
    .map(edits => edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), example))
  fc.assert(
    fc.property(edited, text => endsWell(text)),
    { numRuns: 600 },
  )
})

it('so do random values in the place of any section', () => {
  const section = fc.constantFrom(...(example.match(/^\w+(?=:)/gm) ?? []), 'images', 'compose', 'matrix')
  fc.assert(
    fc.property(section, fc.json({ maxDepth: 4 }), (key, json) => endsWell(`${key}: ${json}\n`)),
    { numRuns: 600 },
  )
})

it('and random text in inputs', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), text => endsWell(example, text)),
    { numRuns: 300 },
  )
})
