import type { Event } from '../record/event.ts'
import type { Record } from '../record/record.ts'

export type { Event } from '../record/event.ts'

/** Where a pipeline runs: GitHub or a terminal. The only interface with two implementations. */
export interface Host {
  /** an input or flag by its name; undefined when it was not given (an empty string counts as not given) */
  read(name: string): string | undefined
  /** registers a secret before anything that may hold it is printed */
  mask(secret: string): void
  show(event: Event): void
  /** the run is over: summary, annotations, closing text */
  end(record: Record): Promise<void>
  /** stops what still draws or waits; for a run that ends without a record. May be called twice */
  close(): void
}
