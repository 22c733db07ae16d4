import type { Host } from '../host/host.ts'
import { Cancelled } from '../pipeline/perform.ts'

/** The first Ctrl-C cancels and cleans up, the second stops at once: `pce clean` then takes down what is left. */
export function onInterrupt(control: AbortController, host: Host): () => void {
  const handle = (signal: NodeJS.Signals): void => {
    if (control.signal.aborted) {
      host.close()
      console.error('Stopped at once; pce clean takes down what is left.')
      process.exit(130)
    }
    const line = 'Cancelling: programs are ended, and what the run made is taken down. Again to stop at once.'
    host.show({ type: 'note', at: Date.now(), line })
    control.abort(new Cancelled(`cancelled by ${signal}`))
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, handle)
  return () => {
    for (const signal of signals) process.off(signal, handle)
  }
}
