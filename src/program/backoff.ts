/** How often something is tried, and how long it is waited for in between. Times in ms. */
export interface Backoff {
  /** tries in all, the first included */
  readonly tries: number
  /** the wait after failure n is random up to `base * 2^(n-1)`, never over `cap`: "full jitter" */
  readonly base: number
  readonly cap: number
  /** what all tries together may take */
  readonly budget: number
}

/** Pure: ms to wait after failure `met`, from 1. `random` is 0 to 1. */
export const waitOf = ({ base, cap }: Pick<Backoff, 'base' | 'cap'>, met: number, random: number): number =>
  Math.round(random * Math.min(cap, base * 2 ** (met - 1)))

/** Waits. @throws the signal's reason as soon as it is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const abort = () => {
    clearTimeout(timer)
    reject(signal.reason)
  }
  signal.addEventListener('abort', abort, { once: true })
  await promise.finally(() => signal.removeEventListener('abort', abort))
}
