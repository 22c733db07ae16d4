import { codeOf } from '../disk/files.ts'
import type { Host } from '../host/host.ts'
import { Cancelled } from '../pipeline/perform.ts'

/**
 * A reader that goes away (`pce run 2>&1 | head`) would else end the process by EPIPE in the midst of its work, and
 * what it made would stay.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', error => {
      if (codeOf(error) !== 'EPIPE') throw error
    })
  }
}

/**
 * The first Ctrl-C cancels and cleans up, the second stops at once: `pce clean` then takes down what is left. Who closes
 * standard error cancels too, as it is with other programs. `closes`: whether the command takes its run down at its end.
 */
export function onInterrupt(control: AbortController, host: Host, closes: boolean): () => void {
  const handle = (signal: NodeJS.Signals): void => {
    if (control.signal.aborted) {
      host.close()
      console.error('Stopped at once; pce clean takes down what is left.')
      process.exit(130)
    }
    const after = closes
      ? 'what the run made is taken down'
      : 'the run stays for the next command: pce clean takes it down'
    const line = `Cancelling: programs are ended, and ${after}. Again to stop at once.`
    host.show({ type: 'note', at: Date.now(), line })
    control.abort(new Cancelled(`cancelled by ${signal}`))
  }
  const unread = (): void => control.abort(new Cancelled('cancelled: nobody reads the output any more'))
  process.stderr.on('error', unread)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, handle)
  return () => {
    process.stderr.off('error', unread)
    for (const signal of signals) process.off(signal, handle)
  }
}
