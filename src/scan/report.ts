import { z } from 'zod'
import { severitySchema } from '../record/finding.ts'

const severity = z
  .string()
  .transform(text => text.toLowerCase())
  .pipe(severitySchema)

const vulnerability = z.looseObject({
  VulnerabilityID: z.string(),
  PkgName: z.string(),
  InstalledVersion: z.string(),
  FixedVersion: z.string().optional(),
  Severity: severity,
  Title: z.string().optional(),
  PrimaryURL: z.string().optional(),
})

const secret = z.looseObject({ RuleID: z.string(), Title: z.string(), Severity: severity, StartLine: z.number() })

const misconfiguration = z.looseObject({
  ID: z.string(),
  Title: z.string(),
  Message: z.string().optional(),
  Severity: severity,
  Status: z.string(),
  PrimaryURL: z.string().optional(),
  CauseMetadata: z.looseObject({ StartLine: z.number().optional() }).optional(),
})

const part = z.looseObject({
  Target: z.string(),
  /** debian, npm, dockerfile, …; secrets have none */
  Type: z.string().optional(),
  Vulnerabilities: z.array(vulnerability).nullish(),
  Secrets: z.array(secret).nullish(),
  Misconfigurations: z.array(misconfiguration).nullish(),
})

/** `EOSL`: Trivy knows that this release of the system is past its end of life. */
const system = z.looseObject({ Family: z.string(), Name: z.string().optional(), EOSL: z.boolean().optional() })

/** Trivy's JSON report, schema version 2 (aquasecurity/trivy, pkg/types/report.go), as far as we read it. */
const reportSchema = z.looseObject({
  SchemaVersion: z.literal(2),
  Metadata: z.looseObject({ OS: system.optional() }).nullish(),
  Results: z.array(part).nullish(),
})
export type Report = z.infer<typeof reportSchema>
export type Part = z.infer<typeof part>

/** Pure: the report; undefined when the text is not one of Trivy's. */
export function parseReport(text: string): Report | undefined {
  try {
    return reportSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
