import { parseArgs } from 'node:util'
import { openEcr } from './ecr.ts'

/**
 * `node test/support/ecr/serve.ts --repository NAME… [--immutable] [--port N] [--log FILE] [--backing program|container|URL]`
 *
 * Prints one JSON line `{host, username, password}` and serves until SIGTERM or SIGINT. `--immutable` makes the tags
 * of every repository immutable.
 */
const { values } = parseArgs({
  options: {
    repository: { type: 'string', multiple: true, default: [] },
    immutable: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    log: { type: 'string' },
    backing: { type: 'string' },
  },
})

if (values.repository.length === 0) throw new Error('Name at least one --repository')

// Listeners that stay: a second signal (a terminal and a parent may both send one) must not cut the cleaning short.
const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
process.on('SIGTERM', () => stop()).on('SIGINT', () => stop())

await using ecr = await openEcr({
  repositories: values.repository,
  immutable: values.immutable ? values.repository : [],
  port: Number(values.port),
  ...(values.log === undefined ? {} : { logFile: values.log }),
  ...(values.backing === undefined ? {} : { backing: parseBacking(values.backing) }),
})
console.log(JSON.stringify({ host: ecr.host, username: 'AWS', password: ecr.token }))
await stopped

function parseBacking(text: string): 'program' | 'container' | URL {
  return text === 'program' || text === 'container' ? text : new URL(text)
}
