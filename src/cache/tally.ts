/** What went over the relay, and what went wrong. */
export interface Tally {
  /** bytes that came from the cache, and that went to it */
  received: number
  sent: number
  /** entries that were made */
  entries: number
  /** scopes with an index, scopes without one, and scopes whose index was written */
  readonly found: Set<string>
  readonly missed: Set<string>
  readonly written: Set<string>
  /** causes in words, each once */
  readonly troubles: Set<string>
}

export const createTally = (): Tally => ({
  ...{ received: 0, sent: 0, entries: 0 },
  found: new Set(),
  missed: new Set(),
  written: new Set(),
  troubles: new Set(),
})
