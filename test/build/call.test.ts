import { describe, expect, it } from '@jest/globals'
import { parseChecks, planCall } from '../../src/build/call.ts'

describe('a question to BuildKit', () => {
  const config = {
    context: 'app',
    'build-args': { A: '1' },
    secrets: ['TOKEN'],
    labels: {},
    target: 'prod',
    ssh: ['default'],
  }
  it('gets no secret and no key, since nothing is run', () => {
    expect(planCall({ call: 'check', config }, 'pce-1')).toEqual([
      ...['docker', 'buildx', 'build', '--builder', 'pce-1', '--progress=plain', '--call=check,format=json'],
      ...['--file', 'app/Dockerfile', '--build-arg', 'A=1', '--target', 'prod', 'app'],
    ])
    expect(planCall({ call: 'outline', config }, 'pce-1')).toContain('--call=outline')
  })
})

describe("a report of BuildKit's checks", () => {
  const warning = {
    ruleName: 'StageNameCasing',
    description: 'Stage names should be lowercase',
    url: 'https://docs.docker.com/go/dockerfile/rule/stage-name-casing/',
    detail: "Stage name 'Base' should be lowercase",
    location: { ranges: [{ start: { line: 3 }, end: { line: 3 } }] },
  }
  const finding = {
    tool: 'buildkit',
    rule: 'StageNameCasing',
    severity: 'low',
    message: "Stage name 'Base' should be lowercase",
    location: { file: 'app/Dockerfile', line: 3 },
    url: warning.url,
    blocking: true,
  }
  it.each([
    ['none', { warnings: null }, []],
    ['one', { warnings: [warning], sources: [] }, [finding]],
    [
      'one without a place and words',
      { warnings: [{ ruleName: 'X' }] },
      [
        {
          tool: 'buildkit',
          rule: 'X',
          severity: 'low',
          message: 'X',
          location: { file: 'app/Dockerfile' },
          blocking: true,
        },
      ],
    ],
  ])('%s', (_, report, findings) => {
    expect(parseChecks(JSON.stringify(report), 'app/Dockerfile')).toEqual(findings)
  })

  it('what is no report is not taken for a clean one', () => {
    expect(['', 'ERROR', '{}', '[]'].map(text => parseChecks(text, 'Dockerfile'))).toEqual(Array(4).fill(undefined))
  })
})
