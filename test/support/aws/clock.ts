/** What the servers take for the present; a client with another opinion has a skewed clock. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Moves the servers' present from here on, backwards with a negative number of milliseconds. */
  shift(milliseconds: number): void
}

export function createClock(): Clock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    shift(milliseconds) {
      offset += milliseconds
    },
  }
}

/** Such as `20150830T123600Z`: SigV4's way to write a time. */
export const compactTime = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replaceAll(/[-:]|\.\d+/g, '')
