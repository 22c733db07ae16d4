import { basename } from 'node:path'
import type { Finding } from '../record/finding.ts'
import type { Warning } from './progress.ts'

/**
 * Pure: what BuildKit warns of, as findings that never block. Its rules are those of `docker build --check`
 * (docs.docker.com/reference/build-checks); a rule that the Dockerfile skips (`# check=skip=…`) is not among them.
 */
export const findingsOf = (warnings: readonly Warning[], dockerfile: string | undefined): Finding[] =>
  warnings.map(({ rule, message, file, line, url }) => ({
    tool: 'buildkit',
    rule,
    severity: 'low',
    message,
    ...(dockerfile !== undefined &&
      (file === undefined || basename(file) === basename(dockerfile)) && {
        location: { file: dockerfile, ...(line !== undefined && line > 0 && { line }) },
      }),
    ...(url !== undefined && url !== '' && { url }),
    blocking: false,
  }))
