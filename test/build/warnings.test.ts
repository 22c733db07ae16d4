import { describe, expect, it } from '@jest/globals'
import { findingsOf } from '../../src/build/warnings.ts'
import { linesOf, read } from './captured/read.ts'

describe('what BuildKit warns of', () => {
  const { warnings } = read('warnings').progress
  const told = findingsOf(warnings, 'docker/Dockerfile')

  it('each rule with its place, in the order of lines', () => {
    expect(told.map(({ rule, message, location }) => [location?.line, rule, message])).toEqual([
      [1, 'FromAsCasing', "'as' and 'FROM' keywords' casing do not match"],
      [2, 'MaintainerDeprecated', 'Maintainer instruction is deprecated in favor of using label'],
      [3, 'SecretsUsedInArgOrEnv', 'Do not use ARG or ENV instructions for sensitive data (ENV "SECRET_TOKEN")'],
      [4, 'LegacyKeyValueFormat', '"ENV key=value" should be used instead of legacy "ENV key value" format'],
      [5, 'ConsistentInstructionCasing', "Command 'cmd' should match the case of the command majority (uppercase)"],
      [
        5,
        'JSONArgsRecommended',
        'JSON arguments recommended for cmd to prevent unintended behavior related to OS signals',
      ],
      [7, 'WorkdirRelativePath', 'Relative workdir "app" can have unexpected results if the base image changes'],
      [8, 'ExposeProtoCasing', "Defined protocol '80/TCP' in EXPOSE instruction should be lowercase"],
      [
        10,
        'JSONArgsRecommended',
        'JSON arguments recommended for CMD to prevent unintended behavior related to OS signals',
      ],
    ])
  })

  it('as a finding that never blocks, with what the rule is about', () => {
    expect(told[0]).toEqual({
      tool: 'buildkit',
      rule: 'FromAsCasing',
      severity: 'low',
      message: "'as' and 'FROM' keywords' casing do not match",
      location: { file: 'docker/Dockerfile', line: 1 },
      url: 'https://docs.docker.com/go/dockerfile/rule/from-as-casing/',
      blocking: false,
    })
  })

  it('each once, however often it is told: two platforms warn of the same', () => {
    const { progress } = read('warnings')
    for (const line of linesOf('warnings')) progress.read(line)
    expect(progress.warnings).toEqual(warnings)
  })

  it('of a Dockerfile that is not in the repository it has no place', () => {
    for (const file of [undefined, 'other.Dockerfile'])
      expect(findingsOf(warnings.slice(0, 1), file)[0]).not.toHaveProperty('location')
  })

  it('without a rule, a line or an address it is still told', () => {
    const short = Buffer.from('something is odd').toString('base64')
    const { progress } = read('empty')
    progress.read(JSON.stringify({ warnings: [{ vertex: 'a', short, range: null, sourceInfo: null }] }))
    expect(findingsOf(progress.warnings, 'Dockerfile')).toEqual([
      {
        tool: 'buildkit',
        rule: 'Warning',
        severity: 'low',
        message: 'something is odd',
        location: { file: 'Dockerfile' },
        blocking: false,
      },
    ])
  })
})
