// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are a Dockerfile's.
import { describe, expect, it } from '@jest/globals'
import { findMounts } from '../../src/mounts/find.ts'
import type { Solve } from '../../src/mounts/stages.ts'

const solve = { target: undefined, buildArgs: {}, platform: 'linux/arm64', buildPlatform: 'linux/amd64' }
const find = (text: string, changes: Partial<Solve> = {}) => findMounts(text, { ...solve, ...changes })
const idsIn = (...args: Parameters<typeof find>) => find(...args).mounts.map(({ id }) => id)
const run = (mount: string) => `FROM debian\nRUN --mount=type=cache,${mount} true\n`

it('reads every mount of a step: continued lines, comments between them, heredocs after them', () => {
  const text = String.raw`# syntax=docker/dockerfile:1
ARG GO=1.25
FROM golang:${'$'}{GO}-alpine AS base
ENV GOCACHE=/cache/go HOME="/home/u"
FROM --platform=$BUILDPLATFORM base AS build
ARG TARGETARCH
RUN --mount=type=cache,target=/root/.cache/ --mount=type=cache,id=go-$TARGETARCH,target=$GOCACHE,sharing=locked,uid=1000,mode=0700 \
  # a comment
  --mount=type=secret,id=token \

  cat <<EOF >/x && cat <<-'END' >>/x
RUN --mount=type=cache,target=/first true
EOF
RUN --mount=type=cache,target=/second true
	END
RUN --network=none --mount=type=bind,target=/src --mount="target=/root/.npm,type=cache" ["npm", "ci"]
RUN echo --mount=type=cache,target=/third
FROM scratch
COPY --from=build /x /x
`
  expect(find(text)).toEqual({
    mounts: [
      { id: '/root/.cache', owner: '' },
      { id: 'go-arm64', owner: 'uid=1000,mode=0700' },
      { id: '/root/.npm', owner: '' },
    ],
    images: ['golang:1.25-alpine'],
    left: [],
  })
})

describe('the id is what BuildKit takes', () => {
  it.each([
    ['target=/a/../b/', '/b'],
    ['target=cache/x/', 'cache/x'],
    ['dst=/d', '/d'],
    ['destination=/d', '/d'],
    ['target=/d,id=/d/', '/d/'],
    ['id=only', 'only'],
    ['TARGET=/d,ID=Upper', 'Upper'],
    ['target=/d,source=/', '/d'],
    ['id=,target=/d', '/d'],
  ])('%s', (mount, id) => {
    expect(idsIn(run(mount))).toEqual([id])
  })
})

describe('variables', () => {
  it.each([
    ['the default of an argument', 'ARG A=x', '$A', 'x'],
    ['a build argument over the default', 'ARG B=x', '${B}', 'given'],
    ['a build argument that the stage does not ask for', '', '${B:-none}', 'none'],
    ['an environment variable over an argument', 'ENV B=env\nARG B', '$B', 'env'],
    ['the old form of ENV', 'ENV A some words', '$A', 'some words'],
    ['a value in quotes', `ENV A='$x' C="a b"`, '$A-$C', '$x-a b'],
    ['one variable in another', 'ARG A=1\nENV C=v$A', '$C', 'v1'],
    ['several arguments in one instruction', 'ARG A=1 C=2', '$A$C', '12'],
    ['a global that the stage asks for', 'ARG G', '$G', 'global'],
    ['a global that it does not ask for', '', '${G-}none', 'none'],
    ['the platform', 'ARG TARGETPLATFORM\nENV P=${TARGETPLATFORM//\\//-}', '$P', 'linux-arm64'],
    ['the first match', 'ARG A=a.b.c', '${A/./_}', 'a_b.c'],
    ['the shortest suffix', 'ARG A=1.2.3', '${A%.*}', '1.2'],
    ['the longest suffix', 'ARG A=1.2.3', '${A%%.*}', '1'],
    ['the shortest prefix', 'ARG A=1.2.3', '${A#*.}', '2.3'],
    ['the longest prefix', 'ARG A=1.2.3', '${A##*.}', '3'],
    ['each match, the longest', 'ARG A=xaybxab', '${A//a*b/_}', 'x_'],
    ['each of one sign', 'ARG A=a.bc', '${A//?/_}', '____'],
    ['everything, once', 'ARG A=abc', '${A//*/_}', '_'],
    ['an escaped sign in a pattern', 'ARG A=a*b*c\nENV E=${A/\\*/_}', '$E', 'a_b*c'],
    // Ways that are tried in turn would be more than a machine can try.
    [
      'a pattern with many ways',
      `ARG A=${'a'.repeat(500)}`,
      `\${A%%${'*a'.repeat(20)}*b}-\${A//${'*a'.repeat(20)}*b/_}`,
      `${'a'.repeat(500)}-${'a'.repeat(500)}`,
    ],
    ['one with a name that all objects have', 'ARG constructor', '${constructor:-none}${toString:-none}', 'nonenone'],
    ['a word where it is set', 'ARG A=1', '${A:+yes}', 'yes'],
    ['an empty one', 'ARG A=', '${A:-empty}${A-set}', 'empty'],
    ['a default with a variable in it', 'ARG A=1', '${C:-v${A}}', 'v1'],
    ['an escaped one', 'ARG A=1\nENV E=\\$A', '$E', '$A'],
  ])('%s', (_, lines, id, expected) => {
    const text = `ARG G=global\nFROM debian\n${lines}\nRUN --mount=type=cache,"id=${id}" true`
    expect(idsIn(text, { buildArgs: { B: 'given' } })).toEqual([expected])
  })

  it('a stage has those of the stage that it is FROM', () => {
    const text = 'FROM debian AS a\nARG A=1\nENV E=2\nFROM a\nRUN --mount=type=cache,id=$A$E true'
    expect(idsIn(text)).toEqual(['12'])
  })

  it('says which mount is left alone where only the base image knows one', () => {
    expect(find(run('target=$GOPATH/pkg'))).toEqual({
      mounts: [],
      images: [],
      left: ['type=cache,target=$GOPATH/pkg: only the build knows $GOPATH; give the mount an id without it'],
    })
    expect(idsIn(run('target=$GOPATH/pkg,id=go'))).toEqual(['go'])
  })
})

describe('stages', () => {
  const text = `
FROM a AS one
RUN --mount=type=cache,target=/one true
FROM b AS two
RUN --mount=type=cache,target=/two true
FROM c AS Three
RUN --mount=type=cache,target=/three --mount=from=two,target=/x true
FROM d AS four
COPY --from=0 / /
FROM three
RUN --mount=type=cache,target=/two true
`
  it.each([
    [undefined, ['/two', '/three'], ['b', 'c']],
    ['one', ['/one'], ['a']],
    ['THREE', ['/two', '/three'], ['b', 'c']],
    ['four', ['/one'], ['a']],
    ['1', ['/two'], ['b']],
  ])('target %s', (target, ids, images) => {
    const found = find(text, target === undefined ? {} : { target })
    expect([found.mounts.map(({ id }) => id), found.images]).toEqual([ids, images])
  })

  it('nothing where there is no such target, no stage, no mount', () => {
    for (const [file, target] of [
      [text, 'other'],
      ['', 'x'],
      ['FROM a\nRUN true', '0'],
    ] as const)
      expect(find(file, { target })).toEqual({ mounts: [], images: [], left: [] })
  })
})

it('leaves a mount alone that begins with files of another stage', () => {
  expect(find(`FROM debian AS seed\nFROM debian\nRUN --mount=type=cache,target=/x,from=seed,source=/y true`)).toEqual({
    mounts: [],
    images: [],
    left: ['type=cache,target=/x,from=seed,source=/y: it begins with files of another stage (from, source)'],
  })
})

it('takes the escape character that the file names', () => {
  expect(
    idsIn('# escape=`\nFROM debian\nRUN --mount=type=cache,target=/a `\n --mount=type=cache,target=/b true'),
  ).toEqual(['/a', '/b'])
})

it('Windows line ends and a byte order mark are no part of anything', () => {
  expect(idsIn('\uFEFFFROM debian\r\nRUN --mount=type=cache,target=/a \\\r\n  true\r\n')).toEqual(['/a'])
})
