import { maskRecord } from '../record/masked.ts'
import { painter, renderTerminal } from '../report/terminal.ts'
import type { Host } from './host.ts'
import { openLive } from './live.ts'
import { createMasker, type Masker } from './mask.ts'
import { type Display, openPlain } from './plain.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

export interface TerminalOptions {
  /** where everything goes: standard error, so that standard output is free for results */
  readonly stream: NodeJS.WriteStream
  readonly env: Environment
  readonly read: (name: string) => string | undefined
  readonly verbose?: boolean
  /** shared with whoever writes files of the run; its own when left out */
  readonly masker?: Masker
  readonly now?: () => number
  /** ms between two lines that say what is running, where there is no live tree */
  readonly beat?: number
}

/** The host of `pce`: a live tree in a terminal, plain lines elsewhere. */
export function openTerminal(options: TerminalOptions): Host {
  const { stream, env, read } = options
  const { masker = createMasker() } = options
  const colour = wantsColour(stream, env)
  const display = openDisplay(options, { mask: masker.apply, colour })
  return {
    read: name => read(name) || undefined,
    mask: masker.add,
    show: display.show,
    async end(record) {
      display.close()
      stream.write(`\n${renderTerminal(maskRecord(record, masker.apply), { colour })}`)
    },
    close: display.close,
  }
}

interface Look {
  readonly mask: (text: string) => string
  readonly colour: boolean
}

function openDisplay(options: TerminalOptions, { mask, colour }: Look): Display {
  const { stream, env, verbose = false, now = Date.now, beat = 30_000 } = options
  const shared = { paint: painter(colour), verbose, now }
  if (isLive(stream, env)) return openLive({ ...shared, stream, mask })
  return openPlain({ ...shared, beat, write: lines => stream.write(`${lines.map(mask).join('\n')}\n`) })
}

const isLive = ({ isTTY }: NodeJS.WriteStream, env: Environment): boolean =>
  isTTY === true && !env.CI && env.TERM !== 'dumb'

/** FORCE_COLOR before NO_COLOR (no-color.org), then whether it is a terminal: as Node's own `getColorDepth` does. */
function wantsColour({ isTTY }: NodeJS.WriteStream, env: Environment): boolean {
  const force = env.FORCE_COLOR
  if (force !== undefined) return force !== '0' && force !== 'false'
  return !env.NO_COLOR && isTTY === true && env.TERM !== 'dumb'
}
