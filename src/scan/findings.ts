import { type Finding, severityRank } from '../record/finding.ts'
import type { ScanConfig } from './config.ts'
import { type Part, parseReport, type Report } from './report.ts'

type Rules = Pick<ScanConfig, 'block' | 'ignore' | 'ignore-unfixed'>

/** What a scan looked at, and what it found there. */
export interface Scanned {
  /** how many packages lists and configuration files Trivy knew; with none of them it looked at nothing */
  readonly targets: number
  /** most severe first */
  readonly findings: readonly Finding[]
}

/** Pure: what a report says; undefined when the text is not a report of Trivy. */
export function parseTrivy(text: string, rules: Rules): Scanned | undefined {
  const report = parseReport(text)
  if (report === undefined) return undefined
  const parts = report.Results ?? []
  const all = [
    ...endOfLife(report),
    ...parts.flatMap(part => [...vulnerabilities(part), ...secrets(part), ...misconfigurations(part)]),
  ]
  const findings = all
    .filter(({ rule }) => !rules.ignore.includes(rule))
    .map(finding => ({ ...finding, blocking: isBlocking(finding, rules) }))
    .sort((a, b) => severityRank(b.severity) - severityRank(a.severity))
  return { targets: parts.filter(({ Type }) => Type !== undefined).length, findings }
}

type Found = Omit<Finding, 'blocking'>

// Nobody reports vulnerabilities of such a system any more: that none is found says nothing.
function endOfLife({ Metadata }: Report): Found[] {
  if (Metadata?.OS?.EOSL !== true) return []
  const { Family, Name = '' } = Metadata.OS
  const message = `${`${Family} ${Name}`.trim()} is past its end of life: its vulnerabilities are no longer reported`
  return [{ tool: 'trivy', rule: 'EOSL', severity: 'high', message }]
}

const vulnerabilities = ({ Vulnerabilities }: Part): Found[] =>
  (Vulnerabilities ?? []).map(found => ({
    tool: 'trivy',
    rule: found.VulnerabilityID,
    severity: found.Severity,
    message: found.Title ?? `${found.PkgName} ${found.InstalledVersion}`,
    package: {
      name: found.PkgName,
      installed: found.InstalledVersion,
      ...(found.FixedVersion ? { fixed: found.FixedVersion } : {}),
    },
    ...(found.PrimaryURL ? { url: found.PrimaryURL } : {}),
  }))

// The match itself is left out: masked or not, it is a secret.
const secrets = ({ Target, Secrets }: Part): Found[] =>
  (Secrets ?? []).map(({ RuleID, Title, Severity, StartLine }) => ({
    tool: 'trivy',
    rule: RuleID,
    severity: Severity,
    message: `${Title} in ${Target}`,
    location: { file: Target, ...lineOf(StartLine) },
  }))

const misconfigurations = ({ Target, Misconfigurations }: Part): Found[] =>
  (Misconfigurations ?? [])
    .filter(({ Status }) => Status === 'FAIL')
    .map(found => ({
      tool: 'trivy',
      rule: found.ID,
      severity: found.Severity,
      message: `${found.Title}${found.Message ? `: ${found.Message}` : ''}`,
      location: { file: Target, ...lineOf(found.CauseMetadata?.StartLine) },
      ...(found.PrimaryURL ? { url: found.PrimaryURL } : {}),
    }))

const lineOf = (line: number | undefined) => (line !== undefined && line > 0 ? { line } : {})

function isBlocking(finding: Found, rules: Rules): boolean {
  if (rules.block === 'none' || isUnfixed(finding, rules)) return false
  return severityRank(finding.severity) >= severityRank(rules.block)
}

const isUnfixed = (finding: Found, rules: Rules): boolean =>
  rules['ignore-unfixed'] && finding.package !== undefined && finding.package.fixed === undefined
