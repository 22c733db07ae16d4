import { openCheckout } from './support/checkout.ts'
import { startPce } from './support/pce.ts'
import { openEcr } from '../support/ecr/ecr.ts'
await using ecr = await openEcr({ repositories: ['acme/web'] })
await using c = await openCheckout('small')
using _ = ecr.fault({ path: /\/blobs\/uploads/, times: 100, answer: 'hang' })
const b = Date.now()
const r = startPce(c, ['run', '--push', '--registries', ecr.host, '--verbose'], { PCE_USERNAME: 'AWS', PCE_PASSWORD: ecr.token })
const t = setTimeout(() => r.interrupt(), 420_000)
const e = await r.ended; clearTimeout(t)
console.log((Date.now() - b) / 1000, e.exitCode, e.stderr.slice(-1500)); console.log(ecr.log.map(l => l.time + l.method + l.path + l.status))
