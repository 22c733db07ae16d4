import { describe, expect, it } from '@jest/globals'
import { load, refusal } from './given.ts'

interface Case {
  readonly what: string
  readonly text: string
  readonly error: readonly string[]
}

const cases: readonly Case[] = [
  {
    what: 'a slip in a value',
    text: 'image: a\nscan:\n  block: hgih\n',
    error: [
      'pce.yml:3:3  scan.block: found "hgih", expected one of low, medium, high, critical, none; did you mean "high"?',
    ],
  },
  {
    what: 'another case',
    text: 'image: a\nscan: { block: HIGH }\n',
    error: [
      'pce.yml:2:9  scan.block: found "HIGH", expected one of low, medium, high, critical, none; did you mean "high"?',
    ],
  },
  {
    what: 'a value that resembles none',
    text: 'image: a\nscan: { block: everything }\n',
    error: ['pce.yml:2:9  scan.block: found "everything", expected one of low, medium, high, critical, none'],
  },
  {
    what: 'slips in keys, at the root and below',
    text: 'image: a\nplattforms: native\nscan:\n  ignre: CVE-1\n',
    error: [
      'pce.yml:2:1  plattforms: unknown key; did you mean "platforms"?',
      'pce.yml:4:3  scan.ignre: unknown key; did you mean "ignore"?',
    ],
  },
  {
    what: 'keys at the wrong place',
    text: 'image: a\nblock: high\nscan:\n  platforms: native\n',
    error: [
      'pce.yml:2:1  block: unknown key; did you mean scan.block?',
      'pce.yml:4:3  scan.platforms: unknown key; did you mean platforms?',
    ],
  },
  {
    what: 'a key that resembles none',
    text: 'image: a\nscan: { verbosity: 3 }\n',
    error: ['pce.yml:2:9  scan.verbosity: unknown key; known here: block, ignore-unfixed, ignore, source, image'],
  },
  {
    what: 'wrong types, all at once and in the order of the file',
    text: [
      'image: [a]',
      'platforms: {}',
      'build: Dockerfile',
      'checks: [mix test]',
      'scan: { source: yes, ignore: 5 }',
      'app: { port: "4000" }',
      'newman: 5',
      'hadolint: strict',
      'tags: 7',
      'services: { db: 5 }',
    ].join('\n'),
    error: [
      'pce.yml:1:1  image: found a list, expected text',
      'pce.yml:2:1  platforms: found a mapping, expected text or a list',
      'pce.yml:3:1  build: found "Dockerfile", expected a mapping',
      'pce.yml:4:1  checks: found a list, expected a mapping',
      'pce.yml:5:9  scan.source: found "yes", expected true or false; did you mean true?',
      'pce.yml:5:22  scan.ignore: found 5, expected text or a list',
      'pce.yml:6:8  app.port: found "4000", expected a port from 1 to 65535',
      'pce.yml:7:1  newman: found 5, expected text, a list or a mapping',
      'pce.yml:8:1  hadolint: found "strict", expected true, false or a mapping',
      'pce.yml:9:1  tags: found 7, expected text or a list',
      'pce.yml:10:13  services.db: found 5, expected text or a mapping',
    ],
  },
  {
    what: 'faults deep in the long form of a union',
    text: [
      'image: a',
      'checks:',
      '  lint: { run: 5, gate: adv }',
      '  slow: { run: make, timeout: "10" }',
      'services:',
      '  db: { env: { A: 1 } }',
      'newman: { environment: 5 }',
      'app: { port: 1 }',
    ].join('\n'),
    error: [
      'pce.yml:3:11  checks.lint.run: found 5, expected text or a list',
      'pce.yml:3:19  checks.lint.gate: found "adv", expected blocking or advisory',
      'pce.yml:4:22  checks.slow.timeout: found "10", expected a duration such as 10 s, 500 ms or 5 m',
      'pce.yml:6:3  services.db.image: missing, expected text',
      'pce.yml:7:1  newman.collections: missing, expected text or a list',
      'pce.yml:7:11  newman.environment: found 5, expected text',
    ],
  },
  {
    what: 'items of lists at their own place',
    text: 'image: a\nplatforms:\n  - linux/amd64\n  - amd64\ntags: [type=sha, type=shaa]\nregistries: https://ghcr.io\n',
    error: [
      'pce.yml:4:5  platforms[1]: found "amd64", expected a platform such as linux/amd64, or native',
      'pce.yml:5:18  tags[1]: found "type=shaa", expected a rule: type=schedule|semver|pep440|match|edge|ref|raw|sha',
      'pce.yml:6:1  registries: found "https://ghcr.io", expected a registry host such as ghcr.io, without a scheme or a path',
    ],
  },
  {
    what: 'names that may not be',
    text: 'image: Acme/Web\nchecks: { "a b": make }\nservices: { DB: postgres }\n',
    error: [
      'pce.yml:1:1  image: found "Acme/Web", expected an image name such as acme/web or ghcr.io/acme/web: lower case, without tag or digest',
      'pce.yml:2:11  checks."a b": found the name "a b", expected a name of letters, digits, dots, dashes',
      'pce.yml:3:13  services.DB: found the name "DB", expected a name of lower-case letters, digits, dashes, underscores',
    ],
  },
  {
    what: 'sections with nothing in them: an empty one must not mean "no tests"',
    text: 'image: a\nunit:\nnewman: []\napp: {}\nscan: ~\n',
    error: [
      'pce.yml:2:1  unit: found nothing, expected a mapping',
      'pce.yml:3:1  newman: found a list, expected at least one item',
      'pce.yml:4:1  app.port: missing, expected a port from 1 to 65535',
      'pce.yml:5:1  scan: found nothing, expected a mapping',
    ],
  },
  {
    what: 'paths outside the repository',
    text: 'image: a\nbuild: { file: ../Dockerfile, context: /srv }\ncompose: a/../../b.yaml\n',
    error: [
      'pce.yml:2:10  build.file: found "../Dockerfile", expected a path inside the repository, relative to it',
      'pce.yml:2:31  build.context: found "/srv", expected a folder of the repository, relative to it, or a Git URL such as https://github.com/acme/web.git#main:app',
      'pce.yml:3:1  compose: found "a/../../b.yaml", expected a path inside the repository, relative to it',
    ],
  },
  {
    what: 'keys that exclude each other, and one that needs another',
    text: 'image: a\nimages: { web: { image: b } }\nservices: { db: postgres }\ncompose: compose.yaml\nnewman: a.json\n',
    error: [
      'pce.yml:1:1  image: given together with images; keep one of them',
      'pce.yml:4:1  compose: given together with services; keep one of them',
      'pce.yml:5:1  newman: needs an app to talk to; set app.port, the port on which the image listens',
    ],
  },
  {
    what: 'a reproducible image that no Dockerfile makes',
    text: 'image: a\nbuild:\n  bake-files: docker-bake.hcl\n  reproducible: check\n',
    error: ['pce.yml:4:3  build.reproducible: given together with bake files; keep one of them'],
  },
  {
    what: 'a way of being reproducible that there is not',
    text: 'image: a\nbuild: { reproducible: always }\n',
    error: ['pce.yml:2:10  build.reproducible: found "always", expected one of true, false, check'],
  },
  {
    what: 'no image in images',
    text: 'images: {}\n',
    error: ['pce.yml:1:1  images: found a mapping, expected at least one image'],
  },
  {
    what: 'images that are none',
    text: 'images:\n  web: acme/web\n  worker:\n  Job: { image: acme/job }\n',
    error: [
      'pce.yml:2:3  images.web: found "acme/web", expected a mapping',
      'pce.yml:3:3  images.worker.image: missing, expected text',
      'pce.yml:4:3  images.Job: found the name "Job", expected a name of lower-case letters, digits, dashes',
    ],
  },
  {
    what: 'a fault of the root is told once, not once for each image',
    text: 'images:\n  web: { image: a }\n  job: { image: b, unit: { run: x } }\nbuild: { target: 5 }\nunit: { env: 5 }\n',
    error: [
      'pce.yml:3:20  images.job.unit.target: missing, expected text',
      'pce.yml:4:10  build.target: found 5, expected text',
      'pce.yml:5:1  unit.target: missing, expected text',
      'pce.yml:5:9  unit.env: found 5, expected a mapping',
    ],
  },
  {
    what: 'two images that would write the same tag',
    text: 'images:\n  web: { image: acme/app }\n  job: { image: acme/app, tags: [type=sha, job] }\n',
    error: [
      'pce.yml:3:10  images.job.image: acme/app gets type=sha from web too; give each its own image or its own tags',
    ],
  },
]

describe('what is wrong with pce.yml is told', () => {
  it.each(cases)('$what', ({ text, error }) => {
    expect(refusal(() => load({ text })).split('\n')).toEqual(error)
  })
})

describe('secrets', () => {
  const token = 'ghp_abcDEF0123456789abcDEF'
  const expected =
    'the name of an environment variable: secrets are named here, and their values given in the environment'

  it('are named, not written, and a written one is not shown', () => {
    const text = `image: a\nbuild:\n  secrets:\n    - ${token}\n    - ghp_abc==\n    - NPM_TOKEN=abc\n`
    expect(refusal(() => load({ text })).split('\n')).toEqual([
      `pce.yml:4:7  build.secrets[0]: found a value (not shown), expected ${expected}`,
      `pce.yml:5:7  build.secrets[1]: found a value (not shown), expected ${expected}`,
      `pce.yml:6:7  build.secrets[2]: found a value (not shown), expected ${expected}`,
    ])
  })

  it.each([
    'INPUT_PASSWORD',
    'PCE_PASSWORD',
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'DOCKER_AUTH_CONFIG',
    'github_token',
  ])('%s is a right of pce or its job, and no secret of a build', name => {
    const own =
      'a secret with a name of its own, such as NPM_TOKEN: this name is for what pce or the job itself may do; give the value under another name (that of GITHUB_TOKEN as GH_PACKAGES_TOKEN)'
    expect(refusal(() => load({ text: `image: a\nbuild: { secrets: [NPM_TOKEN, ${name}] }` }))).toBe(
      `pce.yml:2:31  build.secrets[1]: found "${name}", expected ${own}`,
    )
    expect(refusal(() => load({ text: `image: a\nimages: { b: { build: { secrets: ${name} } } }` }))).toContain(own)
  })

  it.each([
    {
      text: `scan: { block: ${token} }`,
      error: `pce.yml:1:9  scan.block: found text of ${token.length} characters (not shown), expected one of low, medium, high, critical, none`,
    },
    {
      text: `scan: { ${token}: x }`,
      error: 'pce.yml:1:9  scan.(not shown): unknown key; known here: block, ignore-unfixed, ignore, source, image',
    },
    { text: `image: "${token}`, error: 'pce.yml:1:35  Missing closing' },
    {
      text: `image: with ${token} inside`,
      error:
        'pce.yml:1:1  image: found text of 38 characters (not shown), expected an image name such as acme/web or ghcr.io/acme/web: lower case, without tag or digest',
    },
    {
      text: 'image: acme/web\ncache: { cache-to: ["type=gha,token=abc"] }\n',
      error:
        'pce.yml:2:21  cache.cache-to[0]: found text of 18 characters (not shown), expected a cache without token: other programs can read it there; sign in by the environment or a login',
    },
    {
      text: 'image: acme/web\nbuild: { context: "https://me:abc@git.example/a.git" }\n',
      error:
        'pce.yml:2:10  build.context: found text of 32 characters (not shown), expected a URL without a user and password, which arguments and logs would show: give github-token, or the secret GIT_AUTH_TOKEN.HOST',
    },
    {
      text: 'image: acme/web\nbuild: { build-contexts: { lib: "https://abc@git.example/a.git" } }\n',
      error:
        'pce.yml:2:28  build.build-contexts.lib: found text of 29 characters (not shown), expected a URL without a user and password, which arguments and logs would show: give github-token, or the secret GIT_AUTH_TOKEN.HOST',
    },
  ])('are not shown anywhere else: %#', ({ text, error }) => {
    expect(refusal(() => load({ text }))).toBe(error)
  })
})
