import { z } from 'zod'
import { type Finding, severityRank, severitySchema } from '../record/finding.ts'
import type { ScanConfig } from './config.ts'

const severity = z
  .string()
  .transform(text => text.toLowerCase())
  .pipe(severitySchema)

/** Trivy's JSON report, schema version 2 (aquasecurity/trivy, pkg/types/report.go), as far as we read it. */
const reportSchema = z.looseObject({
  SchemaVersion: z.literal(2),
  Results: z
    .array(
      z.looseObject({
        Target: z.string(),
        Vulnerabilities: z
          .array(
            z.looseObject({
              VulnerabilityID: z.string(),
              PkgName: z.string(),
              InstalledVersion: z.string(),
              FixedVersion: z.string().optional(),
              Severity: severity,
              Title: z.string().optional(),
              PrimaryURL: z.string().optional(),
            }),
          )
          .nullish(),
        Secrets: z
          .array(z.looseObject({ RuleID: z.string(), Title: z.string(), Severity: severity, StartLine: z.number() }))
          .nullish(),
        Misconfigurations: z
          .array(
            z.looseObject({
              ID: z.string(),
              Title: z.string(),
              Message: z.string().optional(),
              Severity: severity,
              Status: z.string(),
              PrimaryURL: z.string().optional(),
              CauseMetadata: z.looseObject({ StartLine: z.number().optional() }).optional(),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
})
type Report = z.infer<typeof reportSchema>
type Part = NonNullable<Report['Results']>[number]

type Rules = Pick<ScanConfig, 'block' | 'ignore' | 'ignore-unfixed'>

/** Pure: the findings of a report, most severe first; undefined when the text is not a report of Trivy. */
export function parseTrivy(text: string, rules: Rules): readonly Finding[] | undefined {
  const report = reportSchema.safeParse(parseJson(text))
  if (!report.success) return undefined
  const all = (report.data.Results ?? []).flatMap(part => [
    ...vulnerabilities(part),
    ...secrets(part),
    ...misconfigurations(part),
  ])
  return all
    .filter(({ rule }) => !rules.ignore.includes(rule))
    .map(finding => ({ ...finding, blocking: isBlocking(finding, rules) }))
    .sort((a, b) => severityRank(b.severity) - severityRank(a.severity))
}

type Found = Omit<Finding, 'blocking'>

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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
