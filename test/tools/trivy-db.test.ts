import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { findTool } from '../../src/tools/find.ts'
import { type Advisories, writeDatabase } from '../support/offline/trivy-db.ts'

const said: string[] = []
const signal = new AbortController().signal
const trivy = await findTool('trivy', { env: process.env, signal, say: line => said.push(line) }).catch(() => undefined)
const withTrivy = trivy ? test : test.skip

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'trivy-db-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

withTrivy('Trivy finds the advisories of npm packages in a lock file', async () => {
  const lock = lockOf({ minimist: '1.2.5', lodash: '4.17.20', debug: '2.6.8', pg: '8.16.0' })
  expect(await scan('fs', { 'package-lock.json': lock })).toEqual([
    'debug CVE-2017-16137 LOW 2.6.9',
    'lodash CVE-2021-23337 HIGH 4.17.21',
    'minimist CVE-2021-44906 CRITICAL 0.2.4, 1.2.6',
  ])
})

withTrivy('and nothing in the fixed versions', async () => {
  const lock = lockOf({ minimist: '1.2.8', lodash: '4.17.21', debug: '4.4.0', pg: '8.16.0' })
  expect(await scan('fs', { 'package-lock.json': lock })).toEqual([])
})

withTrivy('Trivy finds the advisories of Debian packages, with and without a fix', async () => {
  const files = {
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    'etc/debian_version': '12.9\n',
    'var/lib/dpkg/status': `${packageOf('hello', '2.10-3')}\n${packageOf('sl', '5.02-1')}\n${packageOf('bash', '5.2.15')}\n`,
  }
  expect(await scan('rootfs', files)).toEqual(['hello CVE-0000-0001 HIGH 2.99-1', 'sl CVE-0000-0002 LOW none'])
})

withTrivy('a bucket larger than a page', async () => {
  const names = Array.from({ length: 500 }, (_, i) => `package-${i}`)
  const bucket = 'npm::GitHub Security Advisory npm'
  const content: Advisories = {
    sources: { [bucket]: { ID: 'ghsa', Name: bucket, URL: 'https://example.com' } },
    advisories: {
      [bucket]: Object.fromEntries(
        names.map((name, i) => [name, { [`CVE-1-${i}`]: { VulnerableVersions: ['<2'], PatchedVersions: ['2.0.0'] } }]),
      ),
    },
    vulnerabilities: Object.fromEntries(names.map((_, i) => [`CVE-1-${i}`, { VendorSeverity: { ghsa: 1 } }])),
  }
  const files = {
    'package-lock.json': lockOf({ 'package-0': '1.0.0', 'package-499': '1.0.0', 'package-500': '1.0.0' }),
  }
  expect(await scan('fs', files, content)).toEqual(['package-0 CVE-1-0 LOW 2.0.0', 'package-499 CVE-1-499 LOW 2.0.0'])
})

/** What Trivy finds in a folder of these files: package, id, severity and fix. */
async function scan(kind: 'fs' | 'rootfs', files: Readonly<Record<string, string>>, content?: Advisories) {
  const folder = await mkdtemp(join(root, 'scan-'))
  await mkdir(join(folder, 'cache', 'db'), { recursive: true })
  await writeDatabase(join(folder, 'cache', 'db'), content)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'files', path)), { recursive: true })
    await writeFile(join(folder, 'files', path), text)
  }
  const options = ['--cache-dir', join(folder, 'cache'), '--skip-db-update', '--scanners', 'vuln', '--format', 'json']
  const quiet = ['--quiet', '--skip-version-check', '--disable-telemetry', join(folder, 'files')]
  const { stdout } = await execa(trivy?.path ?? 'trivy', [kind, ...options, ...quiet], { stdin: 'ignore' })
  const report: Report = JSON.parse(stdout)
  const found = (report.Results ?? []).flatMap(({ Vulnerabilities }) => Vulnerabilities ?? [])
  return found
    .map(({ PkgName, VulnerabilityID, Severity, FixedVersion = 'none' }) =>
      [PkgName, VulnerabilityID, Severity, FixedVersion].join(' '),
    )
    .sort()
}

interface Report {
  readonly Results?: readonly {
    readonly Vulnerabilities?: readonly {
      readonly PkgName: string
      readonly VulnerabilityID: string
      readonly Severity: string
      readonly FixedVersion?: string
    }[]
  }[]
}

function lockOf(versions: Readonly<Record<string, string>>): string {
  const packages = Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }])
  const root = { name: 'app', version: '1.0.0', dependencies: versions }
  return JSON.stringify({
    name: 'app',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': root, ...Object.fromEntries(packages) },
  })
}

const packageOf = (name: string, version: string): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`
