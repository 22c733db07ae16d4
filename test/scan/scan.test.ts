import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { Finding } from '../../src/record/finding.ts'
import type { ScanConfig } from '../../src/scan/config.ts'
import { parseTrivy } from '../../src/scan/findings.ts'
import { environmentOf, planDatabase, planImageScan, planSourceScan, steeringIn } from '../../src/scan/plan.ts'
import { judge } from '../../src/scan/scan.ts'

const captured = (name: string): string => readFileSync(join(import.meta.dirname, 'captured', `${name}.json`), 'utf8')
const rules: ScanConfig = { block: 'high', 'ignore-unfixed': false, ignore: [], source: true, image: true }

const findingsIn = (text: string, told: Partial<ScanConfig> = {}) => parseTrivy(text, { ...rules, ...told })?.findings

const quiet = ['--quiet', '--disable-telemetry', '--skip-version-check']
const report = ['--format', 'json', '--exit-code', '0', '--cache-backend', 'memory', '--skip-db-update']
const own = [
  '--config',
  '/run/trivy/trivy.yaml',
  '--ignorefile',
  '/run/trivy/trivyignore',
  '--secret-config',
  '/run/trivy/trivy-secret.yaml',
]

describe('the commands of Trivy', () => {
  it('the database is fetched once', () => {
    expect(planDatabase('/run/trivy')).toEqual([
      'image',
      '--download-db-only',
      '--config',
      '/run/trivy/trivy.yaml',
      ...quiet,
    ])
  })
  it('the source is scanned for everything, and no file in it has a say', () => {
    expect(planSourceScan('/run/trivy')).toEqual([
      'filesystem',
      '--scanners',
      'vuln,secret,misconfig',
      '--skip-check-update',
      ...report,
      ...quiet,
      ...own,
      '.',
    ])
  })
  it('an image is scanned where it is staged, at its digest', () => {
    const reference = `127.0.0.1:32768/acme/web@sha256:${'a'.repeat(64)}`
    expect(planImageScan(reference, '/run/trivy')).toEqual([
      'image',
      '--image-src',
      'remote',
      '--insecure',
      '--scanners',
      'vuln,secret',
      ...report,
      ...quiet,
      ...own,
      reference,
    ])
  })
})

it('no variable of Trivy steers a scan, but for those that say where its data is', () => {
  const kept = { PATH: '/bin', TRIVY_CACHE_DIR: '/c', TRIVY_DB_REPOSITORY: 'r', TRIVY_JAVA_DB_REPOSITORY: 'j' }
  const env = { ...kept, TRIVY_SEVERITY: 'CRITICAL', TRIVY_SKIP_DIRS: 'src', TRIVY_INSECURE: 'true' }
  expect(steeringIn(env)).toEqual(['TRIVY_SEVERITY', 'TRIVY_SKIP_DIRS', 'TRIVY_INSECURE'])
  expect(environmentOf(env)).toEqual(kept)
  expect(steeringIn({ TRIVY_SEVERITY: undefined, NOT_TRIVY_X: '1' })).toEqual([])
})

const dockerfile = (rule: string, severity: Finding['severity'], message: string, line?: number): Finding => ({
  tool: 'trivy',
  rule,
  severity,
  message,
  location: { file: 'Dockerfile', ...(line === undefined ? {} : { line }) },
  url: `https://avd.aquasec.com/misconfig/${rule.toLowerCase()}`,
  blocking: severity === 'high' || severity === 'critical',
})
const cve = (
  rule: string,
  severity: Finding['severity'],
  [name, installed, fixed, message]: readonly [string, string, string, string],
): Finding => ({
  tool: 'trivy',
  rule,
  severity,
  message,
  package: { name, installed, ...(fixed === '' ? {} : { fixed }) },
  url: `https://avd.aquasec.com/nvd/${rule.toLowerCase()}`,
  blocking: severity === 'high' || severity === 'critical',
})

const run = 'cd /tmp && apt-get install curl'
const secret: Finding = {
  tool: 'trivy',
  rule: 'github-pat',
  severity: 'critical',
  message: 'GitHub Personal Access Token in deploy.env',
  location: { file: 'deploy.env', line: 2 },
  blocking: true,
}
const source: readonly Finding[] = [
  cve('CVE-2021-44906', 'critical', ['minimist', '1.2.0', '0.2.4, 1.2.6', 'minimist: prototype pollution']),
  secret,
  dockerfile(
    'DS-0002',
    'high',
    "Image user should not be 'root': Specify at least 1 USER command in Dockerfile with non-root user as argument",
  ),
  dockerfile('DS-0021', 'high', `'apt-get' missing '-y' to avoid manual input: '-y' flag is missed: '${run}'`, 2),
  dockerfile(
    'DS-0029',
    'high',
    `'apt-get' missing '--no-install-recommends': '--no-install-recommends' flag is missed: '${run}'`,
    2,
  ),
  cve('CVE-2020-7598', 'medium', [
    'minimist',
    '1.2.0',
    '0.2.1, 1.2.3',
    'minimist: prototype pollution by a constructor or __proto__ payload',
  ]),
  dockerfile('DS-0001', 'medium', "':latest' tag used: Specify a tag in the 'FROM' statement for image 'debian'", 1),
  dockerfile(
    'DS-0013',
    'medium',
    `'RUN cd ...' to change directory: RUN should not be used to change directory: '${run}'. Use 'WORKDIR' statement instead.`,
    2,
  ),
  dockerfile(
    'DS-0005',
    'low',
    "ADD instead of COPY: Consider using 'COPY deploy.env /' command instead of 'ADD deploy.env /'",
    3,
  ),
  dockerfile('DS-0026', 'low', 'No HEALTHCHECK defined: Add HEALTHCHECK instruction in your Dockerfile'),
]

describe('the findings of a report', () => {
  it('of the source: packages, misconfiguration and secrets, most severe first', () => {
    expect(findingsIn(captured('source'))).toEqual(source)
  })

  it('of packages of a distribution', () => {
    expect(findingsIn(captured('packages'))).toEqual([
      cve('CVE-0000-0001', 'high', ['hello', '2.10-3', '2.99-1', 'hello: synthetic advisory for tests, with a fix']),
      cve('CVE-0000-0002', 'low', ['sl', '5.02-1', '', 'sl: synthetic advisory for tests, without a fix']),
    ])
  })

  it('of a folder with nothing in it: none, and that is not "no report"', () => {
    expect(parseTrivy(captured('nothing'), rules)).toEqual({ targets: 0, findings: [] })
  })

  it('a secret is told by its rule and place; neither the match nor the lines around it go on', () => {
    const value = 'ghp_a-value-that-must-not-go-on'
    const leaky = captured('source').replaceAll(/\*{8,}/g, value)
    expect(leaky).toContain(value)
    expect(JSON.stringify(parseTrivy(leaky, rules))).not.toContain('ghp_')
    expect(JSON.stringify(parseTrivy(leaky, rules))).not.toContain('GITHUB_TOKEN=')
    expect(findingsIn(leaky)).toEqual(source)
  })

  it('a check that passed is no finding', () => {
    const passed = captured('source').replace('"Status": "FAIL"', '"Status": "PASS"')
    const left = source.filter(({ rule }) => rule !== 'DS-0001')
    expect(findingsIn(passed)).toEqual(left)
  })

  it('what is ignored is left out', () => {
    const ignore = ['CVE-2021-44906', 'github-pat', 'DS-0002']
    const left = source.filter(({ rule }) => !ignore.includes(rule))
    expect(findingsIn(captured('source'), { ignore })).toEqual(left)
  })

  const blocking = (name: string, told: Partial<ScanConfig>) =>
    findingsIn(captured(name), told)?.flatMap(({ rule, blocking: red }) => (red ? rule : []))
  const cases: readonly [string, Partial<ScanConfig>, readonly string[]][] = [
    ['packages', { block: 'none' }, []],
    ['packages', { block: 'critical' }, []],
    ['packages', { block: 'high' }, ['CVE-0000-0001']],
    ['packages', { block: 'low' }, ['CVE-0000-0001', 'CVE-0000-0002']],
    ['packages', { block: 'low', 'ignore-unfixed': true }, ['CVE-0000-0001']],
    ['source', { block: 'critical', 'ignore-unfixed': true }, ['CVE-2021-44906', 'github-pat']],
    ['source', { block: 'none' }, []],
  ]
  it.each(cases)('what blocks in %s with %j: %j', (name, told, rulesThatBlock) => {
    expect(blocking(name, told)).toEqual(rulesThatBlock)
  })

  const whole = JSON.parse(captured('packages'))
  const noReport: readonly [string, string][] = [
    ['nothing', ''],
    ['a word', 'FATAL'],
    ['half of one', captured('packages').slice(0, 900)],
    ['another version', JSON.stringify({ ...whole, SchemaVersion: 3 })],
    ['no version', JSON.stringify({ Results: [] })],
    ['an empty object', '{}'],
    ['null', 'null'],
    ['results of another kind', JSON.stringify({ SchemaVersion: 2, Results: {} })],
    ['a severity that nobody knows', captured('packages').replace('"LOW"', '"HORRIBLE"')],
    ['a finding without an identifier', captured('packages').replace('"VulnerabilityID"', '"Id"')],
  ]
  it.each(noReport)('%s is no report', (_, text) => {
    expect(parseTrivy(text, rules)).toBeUndefined()
  })
})

describe('the verdict over findings', () => {
  it('passes with counts', () => {
    expect(judge({ targets: 1, findings: [] }, rules)).toEqual({ value: 0, findings: [], reason: 'nothing found' })
    const findings = findingsIn(captured('packages'), { block: 'critical' }) ?? []
    expect(judge({ targets: 1, findings }, { block: 'critical' })).toEqual({
      value: 0,
      findings,
      reason: '1 high, 1 low',
    })
  })
  it('passes where Trivy knew nothing to look at, and says so', () => {
    expect(judge({ targets: 0, findings: [] }, rules).reason).toBe('nothing in it that Trivy knows')
  })
  it('fails with how many and the worst of them', () => {
    const findings = findingsIn(captured('packages')) ?? []
    expect(judge({ targets: 1, findings }, rules)).toEqual({
      status: 'failed',
      value: 1,
      findings,
      reason: '1 of severity high or above, such as CVE-0000-0001 in hello',
    })
  })
  it('a finding without a package is told by its file', () => {
    expect(judge({ targets: 0, findings: [secret] }, rules).reason).toBe(
      '1 of severity high or above, such as github-pat in deploy.env',
    )
  })
})

describe('a system past its end of life', () => {
  const old = captured('nothing').replace(
    '"ArtifactName"',
    '"Metadata": {"OS": {"Family": "debian", "Name": "8.11", "EOSL": true}}, "ArtifactName"',
  )
  const message = 'debian 8.11 is past its end of life: its vulnerabilities are no longer reported'
  it('is a finding: that none is found there says nothing', () => {
    const findings = findingsIn(old) ?? []
    expect(findings).toEqual([{ tool: 'trivy', rule: 'EOSL', severity: 'high', message, blocking: true }])
    expect(judge({ targets: 1, findings }, rules).reason).toBe(`1 of severity high or above, such as EOSL: ${message}`)
  })
  it('is judged by the same rules', () => {
    expect(findingsIn(old, { block: 'critical' })).toMatchObject([{ rule: 'EOSL', blocking: false }])
    expect(findingsIn(old, { 'ignore-unfixed': true })).toMatchObject([{ rule: 'EOSL', blocking: true }])
    expect(findingsIn(old, { ignore: ['EOSL'] })).toEqual([])
    expect(findingsIn(old.replace('"EOSL": true', '"EOSL": false'))).toEqual([])
  })
})
