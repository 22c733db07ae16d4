export type Turns = (key: string, work: () => Promise<void>) => Promise<void>

/** Runs works with the same key one after another, so that "is the tag free?" and "take it" cannot be split. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>()
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work)
    last.set(
      key,
      turn.catch(() => undefined),
    )
    return turn
  }
}
