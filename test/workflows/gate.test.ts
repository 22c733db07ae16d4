import { describe, expect, it } from '@jest/globals'
import { idOf, leftOf, nothing } from './support/left.ts'
import { resultsOf, steady, stepIn } from './support/log.ts'
import { vulnerable } from './support/vulnerable.ts'
import { openWorld } from './support/world.ts'

const critical =
  '::error title=critical%3A CVE-2021-44906 (trivy)::minimist 1.2.0 → 0.2.4, 1.2.6: minimist: prototype pollution%0Ahttps://avd.aquasec.com/nvd/cve-2021-44906'
const medium =
  '::warning title=medium%3A CVE-2020-7598 (trivy)::minimist 1.2.0 → 0.2.1, 1.2.3: minimist: prototype pollution by a constructor or __proto__ payload%0Ahttps://avd.aquasec.com/nvd/cve-2020-7598'
const found = '1 of severity high or above, such as CVE-2021-44906 in minimist'
const low = (file: string): string =>
  `::notice title=low%3A DS-0026 (trivy),file=${file}::No HEALTHCHECK defined: Add HEALTHCHECK instruction in your Dockerfile%0Ahttps://avd.aquasec.com/misconfig/ds-0026`

const status =
  '**Failed**: web linux/amd64 <code>DIGEST</code>; commit <code>COMMIT</code> of <code>refs/heads/main</code>, TIME'
const red = `| task | about | status | reason | time |
| --- | --- | --- | --- | --- |
| <code>scan:web</code> | <code>web linux/amd64 DIGEST</code> | **failed** | ${found} | TIME |
| <code>gate</code> |  | **failed** | scan:web failed: ${found} | TIME |
| <code>login</code> |  | **cancelled** | not worth doing: scan:web failed |  |
| <code>cache:web</code> |  | **cancelled** | not worth doing: scan:web failed |  |
| <code>push:web</code> |  | **cancelled** | needs login, which ended cancelled |  |`
// In the order in which they ended.
const passed = [
  '| <code>contract:web</code> | <code>web linux/amd64 DIGEST</code> | passed |  | TIME |',
  '| <code>hadolint</code> | <code>source</code> | passed |  | TIME |',
  '| <code>scan:source</code> | <code>source</code> | passed | 1 low | TIME |',
]

describe('an image with a critical vulnerability', () => {
  it('turns the job red, in annotations and summary too, and never asks the target registry', async () => {
    const app = { from: 'test/workflows/fixture', to: 'apps/web' }
    await using world = await openWorld({ workflow: 'gate.yml', app, files: vulnerable })
    const job = await world.run()
    expect([job.result, job.exitCode, resultsOf(job)]).toEqual([
      'failure',
      1,
      {
        '0': 'success',
        look: 'success',
        pce: 'failure',
        told: 'success',
        'post pce': 'success',
        'post look': 'success',
      },
    ])
    const { annotations, outputs, summary } = stepIn(job, 'pce')
    expect(annotations).toEqual([
      `::error title=gate failed::scan:web failed: ${found}`,
      critical,
      medium,
      low('apps/web/Dockerfile'),
      `::error::scan:web failed: ${found} (exit code 1)`,
    ])
    const [first, rows = '', heading] = steady(summary).split('\n\n')
    const lines = rows.split('\n')
    expect([first, lines.slice(0, -3).join('\n'), lines.slice(-3).sort(), heading]).toEqual([
      status,
      red,
      passed,
      '### <code>scan:web</code> failed',
    ])
    expect(JSON.parse(stepIn(job, 'told').lines.join(''))).toEqual({ ...outputs, verdict: 'failed', pushed: '[]' })
    expect(world.registry.log).toEqual([])
    expect(stepIn(job, 'post look').lines).toEqual(['{"logins":[],"containers":[]}'])
    expect(await leftOf(idOf(outputs.run))).toEqual(nothing)
  }, 300_000)

  it('is not pushed either when the scan may fail without ending the job', async () => {
    await using world = await openWorld({ workflow: 'refused.yml', files: vulnerable })
    const job = await world.run()
    expect([job.result, resultsOf(job)]).toEqual([
      'failure',
      {
        '0': 'success',
        look: 'success',
        build: 'success',
        check: 'success',
        scan: 'failure',
        test: 'success',
        between: 'success',
        push: 'failure',
        ...Object.fromEntries(['push', 'test', 'scan', 'check', 'build', 'look'].map(id => [`post ${id}`, 'success'])),
      },
    ])
    expect(stepIn(job, 'between').lines).toEqual(['failure, success, failed'])
    const scanned = [critical, medium, low('Dockerfile')]
    expect(stepIn(job, 'scan').annotations).toEqual([...scanned, `::error::scan:web failed: ${found} (exit code 1)`])
    expect(stepIn(job, 'push').annotations).toEqual([
      `::error title=gate failed::scan:web failed: ${found}`,
      ...scanned,
      `::error::scan:web failed: ${found} (exit code 1)`,
    ])
    expect(world.registry.log).toEqual([])
    expect(stepIn(job, 'post look').lines).toEqual(['{"logins":[],"containers":[]}'])
    expect(await leftOf(idOf(stepIn(job, 'build').outputs.run))).toEqual(nothing)
  }, 300_000)
})
