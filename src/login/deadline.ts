import { OutsideError } from '../errors.ts'

/** What a login needs of the world: `env` is this process's own, with its rights. */
export interface Around {
  readonly env: Readonly<{ [name: string]: string | undefined }>
  readonly signal: AbortSignal
  say(line: string): void
  mask(secret: string): void
}

/**
 * One deadline (ms) over every try and every wait, which tells the last thing that was seen. When the work has ended,
 * whatever it left running is ended too. @throws OutsideError at the deadline
 */
export async function withinDeadline<T>(
  deadline: number,
  around: Around,
  work: (limited: Around) => Promise<T>,
): Promise<T> {
  let last = 'no answer yet'
  const over = new AbortController()
  const signal = AbortSignal.any([around.signal, over.signal])
  const say = (line: string): void => {
    last = line
    around.say(line)
  }
  const timer = setTimeout(() => over.abort(overdue(deadline, last)), deadline)
  try {
    return await Promise.race([work({ ...around, signal, say }), rejected(signal)])
  } finally {
    clearTimeout(timer)
    over.abort()
  }
}

const overdue = (deadline: number, last: string): OutsideError =>
  new OutsideError(
    `The login did not end within ${deadline / 1000} s; last seen: ${last}\nSee that AWS can be reached from here, or give it longer with action-timeout-s.`,
  )

// An SDK call may end with its own word for an abort; the reason is the signal's.
function rejected(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = (): void => reject(signal.reason)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  // Whoever raced it may be done already.
  promise.catch(() => {})
  return promise
}
