import { expect, it } from '@jest/globals'
import { parseFlags } from '../../src/cli/flags.ts'

it.each([
  ['at the end', ['--no-cache'], { 'no-cache': 'true' }],
  ['before another flag', ['--no-cache', '--pull', '--file', 'D'], { 'no-cache': 'true', pull: 'true', file: 'D' }],
  [
    'with its value',
    ['--no-cache', 'false', '--provenance', 'mode=max'],
    { 'no-cache': 'false', provenance: 'mode=max' },
  ],
  ['with an equals sign', ['--pull=false', '--reproducible=check'], { pull: 'false', reproducible: 'check' }],
])('a flag for yes or no may stand alone, as with docker: %s', (_, argv, expected) => {
  const flags = parseFlags(argv, 'build')
  const read = Object.keys(expected).map(name => [name, flags.read(name)])
  expect([Object.fromEntries(read), flags.words]).toEqual([expected, []])
})

it.each([
  [['--push'], true],
  [['--push', '--file', 'D'], true],
  [['--push=false'], false],
  [['--push', 'false'], false],
  [[], false],
])('%j: whether it pushes', (argv, pushes) => {
  const flags = parseFlags(argv, 'build')
  expect([flags.has('push'), flags.words]).toEqual([pushes, []])
})

it('a word is no value of a switch', () => {
  expect(() => parseFlags(['--push', 'web'], 'build').has('push')).toThrow(
    '--push: found "web", expected true or false',
  )
})

it('a flag that wants a text still does, and a job has a status on GitHub alone', () => {
  expect(() => parseFlags(['--file'], 'build')).toThrow("Option '--file <value>' argument missing")
  expect(() => parseFlags(['--job-status', 'success'], 'build')).toThrow("Unknown option '--job-status'")
})
