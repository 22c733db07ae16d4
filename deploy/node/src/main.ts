import { type App, startApp } from './app.ts'
import { parseConfig } from './config.ts'
import { createLog, type Log } from './log.ts'
import { runProgram } from './program.ts'
import { readAssets } from './web/assets.ts'

await runProgram(async () => {
  const config = parseConfig(process.env)
  const log = createLog(config.logLevel)
  const app = await startApp(config, readAssets(), log)
  log.info('listening', { port: app.port, node: process.version })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(app, signal, log))
})

/** ms. If even closing the stores hangs, end before Docker kills the process after 10 s. */
const stopLimit = 9_000

async function stop(app: App, signal: string, log: Log) {
  const started = performance.now()
  log.info('stopping', { signal })
  setTimeout(() => process.exit(1), stopLimit).unref()
  await runProgram(async () => {
    await app.stop()
    log.info('stopped', { seconds: (performance.now() - started) / 1_000 })
  })
}
