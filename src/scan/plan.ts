/** Flags of every call: no call home, no update in the middle of a scan (aquasecurity/trivy, docs/references/cli). */
const quiet = ['--quiet', '--disable-telemetry', '--skip-version-check']

/** One process at a time may hold Trivy's file cache; in memory, scans run side by side. */
const report = ['--format', 'json', '--exit-code', '0', '--cache-backend', 'memory', '--skip-db-update']

/** Pure: fetch the vulnerability database once, before the scans that read it. */
export const planDatabase = (): readonly string[] => ['image', '--download-db-only', ...quiet]

/** Pure: scan the checkout: dependencies, secrets, misconfiguration. Its own folder of runs is not source. */
export const planSourceScan = (): readonly string[] => [
  'filesystem',
  '--scanners',
  'vuln,secret,misconfig',
  // The checks that Trivy brings: a bundle fetched from elsewhere would make the result depend on the hour.
  '--skip-check-update',
  ...scanFlags,
  '--skip-dirs',
  '.pce',
  '.',
]

/** Pure: scan an image where it is staged, at its digest. `insecure`: staging speaks plain HTTP on the loopback. */
export const planImageScan = (reference: string): readonly string[] => [
  'image',
  '--image-src',
  'remote',
  '--insecure',
  '--scanners',
  'vuln,secret',
  ...scanFlags,
  reference,
]

const scanFlags = [...report, ...quiet]
