import { describe, expect, it } from '@jest/globals'
import type { Override } from '../../src/config/load.ts'
import { load, plain, refusal } from './given.ts'

const over = (key: string, text: string): Override => ({ path: ['build', key], text, from: `input ${key}` })
const none = { ...plain, dockerfiles: [] }

describe('what is built is said elsewhere than in a Dockerfile of the repository', () => {
  it.each([
    ['bake files', over('bake-files', 'docker-bake.hcl'), none],
    ['targets of them', over('targets', 'web'), none],
    ['an Earthfile', over('earthfile', '+prod'), none],
    [
      'a Git context',
      over('context', 'https://github.com/acme/web.git'),
      { ...none, context: 'https://github.com/acme/web.git' },
    ],
  ])('%s: none is looked for', (_, override, facts) => {
    const { config, notes } = load({ overrides: [override], facts })
    expect(Object.values(config.images).map(({ image, build }) => [image, build.file])).toEqual([['web', undefined]])
    expect(notes).toEqual(['No pce.yml: the repository says what to do', "image: web, from the directory's name"])
  })

  it('a Dockerfile that is found is not guessed beside them', () => {
    const facts = { ...plain, dockerfiles: [{ path: 'deploy/app.Dockerfile', text: 'FROM scratch' }] }
    const { config } = load({ text: 'image: web\nbuild: { bake-files: docker-bake.hcl }\n', facts })
    expect(config.images.web?.build.file).toBeUndefined()
  })

  it.each([
    {
      text: 'image: a\nbuild:\n  bake-files: b.hcl\n  file: D\n  build-args: { A: 1 }\n  call: check\n',
      error: [
        'pce.yml:4:3  build.file: given together with bake files: say it there, or with set: *.args.NAME=value',
        'pce.yml:5:3  build.build-args: given together with bake files: say it there, or with set: *.args.NAME=value',
        'pce.yml:6:3  build.call: given together with bake files; keep one of them',
      ],
    },
    {
      text: 'image: a\nbuild: { earthfile: +prod, network: host }\n',
      error: ['pce.yml:2:28  build.network: given together with earthfile, and earthly does not take it'],
    },
    {
      text: 'image: a\nbuild: { earthfile: prod }\n',
      error: ['pce.yml:2:10  build.earthfile: found "prod", expected a target of the Earthfile such as +prod'],
    },
    {
      text: 'image: a\nbuild: { bake-files: b.hcl, set: VERSION=1 }\n',
      error: [
        'pce.yml:2:29  build.set: found "VERSION=1", expected a value for a target: web.args.VERSION=1, or *.platform=linux/amd64',
      ],
    },
  ])('$error', ({ text, error }) => {
    expect(refusal(() => load({ text })).split('\n')).toEqual(error)
  })
})
