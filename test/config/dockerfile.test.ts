import { describe, expect, it } from '@jest/globals'
import { findPort, findStages } from '../../src/config/dockerfile.ts'

const portOf = (text: string): number | undefined => {
  const stages = findStages(text)
  const last = stages.at(-1)
  return last && findPort(stages, last)
}

it('finds stages, by name or number', () => {
  const text = [
    '# syntax=docker/dockerfile:1',
    'ARG BASE=debian:13',
    `FROM --platform=$BUILDPLATFORM \${BASE} AS Build`,
    '# FROM nothing AS comment',
    'from build as test',
    'FROM \\',
    '  alpine:3 \\',
    '  AS wrapped',
    'FROM scratch',
  ].join('\r\n')
  expect(findStages(text)).toEqual([
    { name: 'build', base: 'debian:13', port: undefined },
    { name: 'test', base: 'build', port: undefined },
    { name: 'wrapped', base: 'alpine:3', port: undefined },
    { name: '3', base: 'scratch', port: undefined },
  ])
})

describe('the port of the last stage', () => {
  it.each([
    ['FROM a\nEXPOSE 4000', 4000],
    ['FROM a\nEXPOSE 53/udp 8080/tcp 9090', 8080],
    ['FROM a AS base\nEXPOSE 1\nFROM base AS mid\nFROM mid', 1],
    ['FROM a AS base\nEXPOSE 1\nFROM base\nEXPOSE 2', 2],
    ['FROM a AS base\nEXPOSE 1\nFROM b', undefined],
    [`ARG APP_PORT=4000\nFROM a\nENV PORT=$APP_PORT\nEXPOSE \${PORT}`, 4000],
    [`FROM a\nEXPOSE \${PORT:-3000}`, 3000],
    ['FROM a\nARG PORT\nEXPOSE $PORT', undefined],
    ['FROM a\nEXPOSE 99999 0', undefined],
    ['FROM a AS a\nFROM a AS a', undefined],
    ['EXPOSE 1', undefined],
    ['', undefined],
  ])('%j: %j', (text, port) => {
    expect(portOf(text)).toBe(port)
  })
})
