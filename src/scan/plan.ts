import { join } from 'node:path'

/** Flags of every call: no call home, no update in the middle of a scan (aquasecurity/trivy, docs/references/cli). */
const quiet = ['--quiet', '--disable-telemetry', '--skip-version-check']

/** One process at a time may hold Trivy's file cache; in memory, scans run side by side. */
const report = ['--format', 'json', '--exit-code', '0', '--cache-backend', 'memory', '--skip-db-update']

/** Files that Trivy reads in place of those that lie in the checkout. They must be there, and the last no empty text. */
export const settings: Readonly<Record<string, string>> = {
  'trivy.yaml': '{}\n',
  trivyignore: '',
  'trivy-secret.yaml': '{}\n',
}

/** Files that Trivy would read in the checkout by itself. */
export const unread = ['.trivyignore', '.trivyignore.yaml', 'trivy.yaml', 'trivy-secret.yaml'] as const

/** Pure: fetch the vulnerability database once, before the scans that read it. `folder` holds the settings. */
export const planDatabase = (folder: string): readonly string[] => [
  'image',
  '--download-db-only',
  '--config',
  join(folder, 'trivy.yaml'),
  ...quiet,
]

/** Pure: scan the checkout: dependencies, secrets, misconfiguration. */
export const planSourceScan = (folder: string): readonly string[] => [
  'filesystem',
  '--scanners',
  'vuln,secret,misconfig',
  // The checks that Trivy brings: a bundle fetched from elsewhere would make the result depend on the hour.
  '--skip-check-update',
  ...scanFlags(folder),
  '.',
]

/** Pure: scan an image where it is staged, at its digest. `insecure`: staging speaks plain HTTP on the loopback. */
export const planImageScan = (reference: string, folder: string): readonly string[] => [
  'image',
  '--image-src',
  'remote',
  '--insecure',
  '--scanners',
  'vuln,secret',
  ...scanFlags(folder),
  reference,
]

// What a scan leaves out is said in one place, scan.ignore: no file of the checkout has a say.
const scanFlags = (folder: string): readonly string[] => [
  ...report,
  ...quiet,
  '--config',
  join(folder, 'trivy.yaml'),
  '--ignorefile',
  join(folder, 'trivyignore'),
  '--secret-config',
  join(folder, 'trivy-secret.yaml'),
]

/** Where Trivy keeps its data and gets it from; every other variable of Trivy's could hide findings. */
const kept = ['TRIVY_CACHE_DIR', 'TRIVY_DB_REPOSITORY', 'TRIVY_JAVA_DB_REPOSITORY', 'TRIVY_CHECKS_BUNDLE_REPOSITORY']

type Environment = Readonly<Record<string, string | undefined>>

/** Pure: variables by which Trivy would be steered. */
export const steeringIn = (env: Environment): readonly string[] =>
  Object.keys(env).filter(name => /^trivy_/i.test(name) && env[name] !== undefined && !kept.includes(name))

/** Pure: the environment without them. */
export function environmentOf(env: Environment): Environment {
  const gone = new Set(steeringIn(env))
  return Object.fromEntries(Object.entries(env).filter(([name]) => !gone.has(name)))
}
