import type { EventEmitter } from 'node:events'
import { type Named, nameOf, requestOf, type Sent, suiteOf, textOf } from './describe.ts'
import type { NewmanEvent } from './events.ts'

interface Cursor {
  readonly ref: string
  readonly position: number
  readonly iteration: number
  readonly cycles: number
}

interface Told extends Sent {
  readonly cursor: Cursor
  readonly assertion: string
  readonly skipped?: boolean
  readonly event: { readonly listen: string }
  readonly error?: Error
  readonly level: string
  readonly messages: readonly unknown[]
  readonly run: { readonly state: { readonly items: readonly Named[] } }
}

interface Observer {
  readonly version: string
  readonly send: (event: NewmanEvent) => void
  readonly clean: (text: string) => string
}

const at = ({ ref, position, iteration }: Cursor) => ({ ref, position, iteration })
const messageOf = (error: { name?: string; message?: string }): string => `${error.name ?? 'Error'}: ${error.message}`

/** Tells every event of a Newman run that counts, as plain data. Field names of Newman 6.2.2, lib/run/index.js. */
export function observe(emitter: EventEmitter, { version, send, clean }: Observer): void {
  const on = (name: string, tell: (told: Told, error: Error | null) => NewmanEvent | undefined) =>
    emitter.on(name, (error: Error | null, told: Told) => {
      const event = tell(told, error)
      if (event !== undefined) send(event)
    })

  // Requests of pm.sendRequest come by the same event, most with the item of the script: they come while it runs.
  const scripts = new Set<string>()
  on('beforeScript', ({ cursor }) => void scripts.add(cursor.ref))
  emitter.on('script', (_error, { cursor }: Told) => scripts.delete(cursor.ref))

  on('start', ({ cursor, run }) => ({
    type: 'start',
    version,
    iterations: cursor.cycles,
    items: run.state.items.map(item => ({ name: nameOf(item), suite: suiteOf(item).join(' / ') })),
  }))
  on('beforeItem', ({ cursor }) => ({ type: 'item', ...at(cursor) }))
  on('request', (told, error) => ({
    type: 'request',
    ...at(told.cursor),
    nested: scripts.has(told.cursor.ref),
    ...requestOf(told, clean),
    ...(error === null ? {} : { error: clean(error.message) }),
  }))
  on('assertion', ({ cursor, assertion, skipped }, error) => ({
    type: 'assertion',
    ...at(cursor),
    name: clean(assertion),
    skipped: skipped === true,
    ...(error === null ? {} : { error: clean(error.message) }),
  }))
  on('script', ({ cursor, event }, error) =>
    error === null
      ? undefined
      : { type: 'script', ...at(cursor), listen: event.listen, error: clean(messageOf(error)) },
  )
  on('exception', ({ cursor, error = new Error('unknown') }) => ({
    type: 'exception',
    ...at(cursor),
    error: clean(messageOf(error)),
  }))
  on('console', ({ level, messages }) => ({ type: 'console', level, text: clean(messages.map(textOf).join(' ')) }))
}
