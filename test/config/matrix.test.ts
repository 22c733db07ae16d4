import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { stringify } from 'yaml'
import type { Override } from '../../src/config/override.ts'
import { load, refusal } from './given.ts'

const over = (path: string, text: string): Override => ({ path: path.split('.'), text, from: `--${path}` })

/** What tells images apart, of each its own. */
const imagesOf = (text: string, overrides: readonly Override[] = []) =>
  Object.fromEntries(
    Object.entries(load({ text, overrides }).config.images).map(
      ([name, { image, platforms, destinations, build, app, tags, flavor }]) => [
        name,
        {
          image,
          ...(build.file !== undefined && { file: build.file }),
          args: build['build-args'],
          ...(app !== undefined && { port: app.port }),
          ...(destinations.length > 0 && { places: destinations.map(one => `${one.registry}/${one.repository}`) }),
          ...(platforms.join() !== 'native' && { platforms }),
          ...(tags.join() !== 'type=ref,type=sha' && { tags }),
          flavor,
        },
      ],
    ),
  )

const suffix = (text: string): string => `suffix=${text},onlatest=true`

describe('each combination of a matrix is an image of its own', () => {
  it('at the root, with what is excluded and included', () => {
    const text = `
image: acme/web
matrix:
  os: [debian, alpine]
  version: ["1.17", "1.18"]
  exclude: [{ os: alpine, version: "1.17" }]
  include: [{ version: "1.18", os: fedora }]
build: { file: "deploy/\${{ matrix.os }}.Dockerfile", build-args: { V: "\${{matrix.version}}", A: "\${{ matrix.os }}-\${{ matrix.version }}" } }
`
    expect(Object.entries(imagesOf(text))).toEqual([
      [
        'web-debian-1-17',
        {
          image: 'acme/web',
          file: 'deploy/debian.Dockerfile',
          args: { V: '1.17', A: 'debian-1.17' },
          flavor: [suffix('-debian-1.17')],
        },
      ],
      [
        'web-debian-1-18',
        {
          image: 'acme/web',
          file: 'deploy/debian.Dockerfile',
          args: { V: '1.18', A: 'debian-1.18' },
          flavor: [suffix('-debian-1.18')],
        },
      ],
      [
        'web-alpine-1-18',
        {
          image: 'acme/web',
          file: 'deploy/alpine.Dockerfile',
          args: { V: '1.18', A: 'alpine-1.18' },
          flavor: [suffix('-alpine-1.18')],
        },
      ],
      [
        'web-fedora-1-18',
        {
          image: 'acme/web',
          file: 'deploy/fedora.Dockerfile',
          args: { V: '1.18', A: 'fedora-1.18' },
          flavor: [suffix('-fedora-1.18')],
        },
      ],
    ])
  })

  it('of one of several images; the others stay as they are', () => {
    const text = `
images:
  web: { image: acme/web, matrix: { os: [a, b] }, flavor: latest=false }
  job: { image: acme/job }
`
    expect(imagesOf(text)).toEqual({
      'web-a': { image: 'acme/web', args: {}, flavor: ['latest=false', suffix('-a')] },
      'web-b': { image: 'acme/web', args: {}, flavor: ['latest=false', suffix('-b')] },
      job: { image: 'acme/job', args: {}, flavor: [] },
    })
  })

  it('of all images, where the root has it; an image may add to it, or take it away', () => {
    const text = `
matrix: { os: [a, b] }
images:
  web: { image: acme/web, matrix: { os: [b], size: [s, m] } }
  job: { image: acme/job }
  one: { image: acme/one, matrix: false }
`
    expect(Object.keys(imagesOf(text))).toEqual(['web-b-s', 'web-b-m', 'job-a', 'job-b', 'one'])
  })

  it.each([
    ['a part of the name', `image: "acme/web-\${{ matrix.os }}"`, ['web-a acme/web-a', 'web-b acme/web-b']],
    ['the whole name', `image: "acme/\${{ matrix.os }}"`, ['image-a acme/a', 'image-b acme/b']],
    [
      'the full names alone',
      `destinations: "ghcr.io/acme/web_\${{ matrix.os }}"`,
      ['web-a acme/web_a', 'web-b acme/web_b'],
    ],
  ])('the image is called after it in %s, and has no suffix then', (_, line, names) => {
    const images = Object.entries(imagesOf(`${line}\nmatrix: { os: [a, b] }\n`))
    expect(images.map(([name, { image, flavor }]) => [`${name} ${image}`, flavor])).toEqual(
      names.map(name => [name, []]),
    )
  })

  it.each([
    {
      what: 'text, whatever it looks like',
      values: '[1.10, 2.0, 0x1F, on, true, 12]',
      found: ['1.10', '2.0', '0x1F', 'on', 'true', '12'],
    },
    { what: 'one value alone', values: 'a', found: ['a'] },
    { what: 'a value twice is one', values: '[a, a]', found: ['a'] },
    { what: 'an empty one, of which a name has nothing', values: '["", slim]', found: ['', 'slim'] },
    { what: 'signs that no name has', values: '["1.0", "A_b+c"]', found: ['1.0', 'A_b+c'] },
  ])('values are $what', ({ values, found }) => {
    const text = `image: web\nmatrix: { v: ${values} }\nbuild: { build-args: { V: "\${{ matrix.v }}" } }\n`
    expect(Object.values(imagesOf(text)).map(({ args }) => args.V)).toEqual(found)
  })

  it('what stands alone is a number where one is wanted', () => {
    const text = `image: web\nmatrix: { port: [4000] }\napp: { port: "\${{ matrix.port }}" }\n`
    expect(imagesOf(text)).toMatchObject({ 'web-4000': { port: 4000 } })
  })

  it('other expressions of GitHub are no business of a matrix', () => {
    const text = `image: web\nbuild: { build-args: { A: "\${{ env.matrix }} \${{ matrixes.a }}" } }\n`
    expect(imagesOf(text)).toMatchObject({ web: { args: { A: `\${{ env.matrix }} \${{ matrixes.a }}` } } })
  })
})

describe('the suffix of tags', () => {
  it.each([
    {
      what: 'has the values that tags do not mention',
      keys: `tags: "type=raw,value=\${{ matrix.os }}"`,
      flavors: [[suffix('-1')], [suffix('-2')]],
    },
    {
      what: 'is that of the user',
      keys: `flavor: "suffix=-x-\${{ matrix.v }}"`,
      flavors: [['suffix=-x-1'], ['suffix=-x-2']],
    },
    {
      what: 'has only characters of a tag',
      keys: '',
      matrix: '{ v: ["A b,c+d", "e\\"f"] }',
      flavors: [[suffix('-A-b-c-d')], [suffix('-e-f')]],
    },
    { what: 'is there for a single combination too', keys: '', matrix: '{ v: [1] }', flavors: [[suffix('-1')]] },
    {
      what: 'is none where tags tell all apart',
      keys: `tags: "type=raw,value=\${{ matrix.v }}"`,
      matrix: '{ include: [{ v: 1, file: a.Dockerfile }, { v: 2, file: b.Dockerfile }] }',
      flavors: [[], []],
    },
  ])('$what', ({ keys, flavors, matrix = '{ os: [a], v: [1, 2] }' }) => {
    expect(Object.values(imagesOf(`image: web\nmatrix: ${matrix}\n${keys}\n`)).map(({ flavor }) => flavor)).toEqual(
      flavors,
    )
  })
})

describe('overrides', () => {
  const text = `
image: web
matrix: { os: [a, b] }
build: { build-args: { OS: "\${{ matrix.os }}", B: 1 } }
`
  it('apply to every combination', () => {
    const images = imagesOf(text, [over('build.build-args', 'B=2'), over('platforms', 'linux/amd64,linux/arm64')])
    const platforms = ['linux/amd64', 'linux/arm64']
    expect(images).toEqual({
      'web-a': { image: 'web', platforms, args: { OS: 'a', B: '2' }, flavor: [suffix('-a')] },
      'web-b': { image: 'web', platforms, args: { OS: 'b', B: '2' }, flavor: [suffix('-b')] },
    })
  })

  it('may mention the matrix', () => {
    const images = imagesOf(text, [
      over('build.file', `\${{ matrix.os }}.Dockerfile`),
      over('tags', `type=raw,value=\${{ matrix.os }}`),
    ])
    expect(images).toMatchObject({
      'web-a': { file: 'a.Dockerfile', tags: ['type=raw,value=a'], flavor: [] },
      'web-b': { file: 'b.Dockerfile', tags: ['type=raw,value=b'], flavor: [] },
    })
  })

  it('with a fault in one are told once, by their name', () => {
    const fault = (path: string, value: string) => refusal(() => load({ text, overrides: [over(path, value)] }))
    expect(fault('platforms', 'amd64')).toBe(
      '--platforms  platforms[0]: found "amd64", expected a platform such as linux/amd64, or native',
    )
    expect(fault('build.target', `\${{ matrix.ox }}`)).toBe(
      `--build.target  build.target: found \${{ matrix.ox }}, but the matrix has no ox; did you mean "os"?`,
    )
  })
})

describe('what is wrong with a matrix is told at its place', () => {
  it.each([
    ['no mapping', 'matrix: [a]', '2:1  matrix: found a list, expected a mapping'],
    ['no keys', 'matrix: {}', '2:1  matrix: found no values, expected some for at least one key: os: [debian, alpine]'],
    ['nothing', 'matrix:', '2:1  matrix: found nothing, expected a mapping'],
    ['no values', 'matrix: { os: [] }', '2:11  matrix.os: found a list, expected at least one item'],
    ['no value', 'matrix: { os: [a, ~] }', '2:19  matrix.os[1]: found nothing, expected true, false, text or a number'],
    [
      'a mapping as a value',
      'matrix: { os: { a: b } }',
      '2:11  matrix.os: found a mapping, expected true, false, text, a number or a list',
    ],
    [
      'a name',
      'matrix: { "o s": [a] }',
      '2:11  matrix."o s": found the name "o s", expected a name of letters, digits, dashes and underscores',
    ],
    [
      'a name in an include',
      'matrix: { include: [{ 1a: b }] }',
      '2:23  matrix.include[0].1a: found the name "1a", expected a name of letters, digits, dashes and underscores',
    ],
    ['include is a list', 'matrix: { include: { os: a } }', '2:11  matrix.include: found a mapping, expected a list'],
    [
      'an empty combination',
      'matrix: { include: [{}] }',
      '2:21  matrix.include[0]: found a mapping, expected at least one key',
    ],
    [
      'an exclude of nothing',
      'matrix: { os: [a], exclude: [{ os: b }] }',
      '2:30  matrix.exclude[0]: matches no combination of the matrix',
    ],
    [
      'an exclude of an unknown key',
      'matrix: { os: [a], exclude: [{ ox: a }] }',
      '2:32  matrix.exclude[0].ox: the matrix has no ox; did you mean "os"?',
    ],
    [
      'an exclude of all',
      'matrix: { os: [a], exclude: [{ os: a }] }',
      '2:20  matrix.exclude: leaves no combination; keep one, or take the matrix away',
    ],
    [
      'an exclude of what is included',
      'matrix: { include: [{ os: a }], exclude: [{ os: a }] }',
      '2:43  matrix.exclude[0]: matches no combination of the matrix',
    ],
    [
      'too many',
      `matrix: { a: [${Array.from({ length: 257 }, (_, index) => index)}] }`,
      '2:1  matrix: makes 257 combinations, expected at most 256',
    ],
    [
      'far too many',
      `matrix: { ${['a', 'b', 'c', 'd', 'e', 'f'].map(key => `${key}: [${Array.from({ length: 99 }, (_, index) => index)}]`)} }`,
      '2:1  matrix: makes 941480149401 combinations, expected at most 256',
    ],
    [
      'two of one name',
      'matrix: { v: ["1.0", "1-0"] }',
      '2:1  matrix: two images would be called web-1-0; tell them apart by their letters and digits',
    ],
    [
      'its own values',
      `matrix: { os: [a], x: ["\${{ matrix.os }}"] }`,
      `2:24  matrix.x[0]: found \${{ matrix.os }}, but a matrix is not made of its own values`,
    ],
    [
      'an unknown value',
      `matrix: { os: [a], v: [b] }\nplatforms: "linux/\${{ matrix.arch }}"`,
      `3:1  platforms: found \${{ matrix.arch }}, but the matrix has no arch; it has os, v`,
    ],
    [
      'a value that one has not',
      `matrix: { os: [a, b], include: [{ os: c, v: 1 }] }\nbuild: { target: "\${{ matrix.v }}" }`,
      `3:10  build.target: found \${{ matrix.v }}, but { os: "a" } has no v; give it one`,
    ],
    [
      'more than a name',
      `matrix: { os: [a] }\ntags: ["a", "\${{ matrix['os'] }}"]`,
      `3:13  tags[1]: expected \${{ matrix.NAME }} and nothing else in the braces`,
    ],
    [
      'a name of a key',
      `matrix: { os: [a] }\nbuild: { labels: { "\${{ matrix.os }}": x } }`,
      `3:20  build.labels."\${{ matrix.os }}": found \${{ matrix.os }}, but names of keys are the same for all combinations`,
    ],
    [
      'no matrix',
      `build: { file: "\${{ matrix.os }}.Dockerfile" }`,
      `2:10  build.file: found \${{ matrix.os }}, but there is no matrix here; give the image one: matrix: { os: [debian, alpine] }`,
    ],
    [
      'what all images share',
      `matrix: { os: [a] }\nregistries: "\${{ matrix.os }}.example.com"`,
      `3:1  registries: found \${{ matrix.os }}, but this holds for all images`,
    ],
    [
      'tags that are the same',
      'matrix: { os: [a, b, c] }\nflavor: suffix=-x',
      `1:1  image: combinations of the matrix share type=ref, type=sha in web; mention what tells them apart in image, tags or flavor, such as suffix=-\${{ matrix.os }}`,
    ],
    [
      'a fault of all combinations, once',
      'matrix: { os: [a, b] }\nbuild: { target: 5 }',
      '3:10  build.target: found 5, expected text',
    ],
    [
      'a value, in the place where it goes',
      `matrix: { os: [amd64, B] }\nplatforms: "linux/\${{ matrix.os }}"`,
      '3:1  platforms: found "linux/B", expected a platform such as linux/amd64, or native',
    ],
  ])('%s', (_, keys, error) => {
    expect(refusal(() => load({ text: `image: web\n${keys}\n` }))).toBe(`pce.yml:${error}`)
  })

  it('a fraction that no quotes hold, where YAML has it from elsewhere', () => {
    const text = 'image: web\ncontract: { size: &v 1.10 }\nmatrix: { v: [*v] }\n'
    expect(refusal(() => load({ text })).split('\n')).toContain(
      'pce.yml:3:15  matrix.v[0]: found 1.1, expected text: put it in quotes, since YAML takes 1.10 for 1.1',
    )
  })

  it('of one of several images, beside all else that is wrong', () => {
    const text = `images:
  web: { image: "acme/\${{ matrix.os }}", matrix: { os: [a, A, b] }, platforms: x }
  web-a: { image: acme/b, build: { file: "\${{ matrix.os }}", target: 5 } }
  job: { image: J, matrix: { os: 1.5, exclude: [] }, unit: { target: "\${{ matrix.os }}" } }
`
    expect(refusal(() => load({ text })).split('\n')).toEqual([
      'pce.yml:2:42  images.web.matrix: two images would be called web-a; tell them apart by their letters and digits',
      'pce.yml:2:69  images.web.platforms: found "x", expected a platform such as linux/amd64, or native',
      `pce.yml:3:36  images.web-a.build.file: found \${{ matrix.os }}, but there is no matrix here; give the image one: matrix: { os: [debian, alpine] }`,
      'pce.yml:3:62  images.web-a.build.target: found 5, expected text',
      'pce.yml:4:10  images.job.image: found "J", expected an image name such as acme/web or ghcr.io/acme/web: lower case, without tag or digest',
      'pce.yml:4:39  images.job.matrix.exclude: found a list, expected a list of at least 1',
    ])
  })
})

it('random matrices: one image for each combination that is not excluded, each value in its place', () => {
  const key = fc.constantFrom('os', 'v', 'arch')
  const values = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/), { minLength: 1, maxLength: 5 })
  const matrices = fc.dictionary(key, values, { minKeys: 1, noNullPrototype: true })
  fc.assert(
    fc.property(matrices, fc.nat(), (axes, pick) => {
      const names = Object.keys(axes)
      const excluded = Object.fromEntries(names.map(name => [name, axes[name]?.[pick % (axes[name]?.length ?? 1)]]))
      const args = Object.fromEntries(names.map(name => [name, `\${{ matrix.${name} }}`]))
      const count = Object.values(axes).reduce((all, one) => all * one.length, 1)
      fc.pre(count > 1)
      const text = stringify({ image: 'web', matrix: { ...axes, exclude: [excluded] }, build: { 'build-args': args } })
      const images = Object.entries(imagesOf(text))
      expect(images).toHaveLength(count - 1)
      for (const [name, image] of images) {
        const own = names.map(one => image.args[one])
        expect(name).toBe(['web', ...own].join('-'))
        expect(image.flavor).toEqual([suffix(`-${own.join('-')}`)])
        expect(image.args).not.toEqual(excluded)
      }
    }),
    { numRuns: 200 },
  )
})
