import { join } from 'node:path'
import { execa } from 'execa'
import type { Part } from '../../src/record/part.ts'
import type { Record } from '../../src/record/record.ts'
import { at, part } from '../report/fixtures.ts'
import type { Act, Play } from './play.ts'

const ms = (seconds: number): number => Date.parse(at(seconds))

export const planned = (...ids: readonly string[]): Act => ({
  do: 'show',
  event: { type: 'planned', at: ms(0), tasks: ids.map(id => ({ id, kind: 'blocking' })) },
})
export const started = (task: string, seconds: number): Act => ({
  do: 'show',
  event: { type: 'started', at: ms(seconds), task },
})
export const line = (task: string, seconds: number, text: string): Act => ({
  do: 'show',
  event: { type: 'line', at: ms(seconds), task, line: text },
})
export const note = (seconds: number, text: string): Act => ({
  do: 'show',
  event: { type: 'note', at: ms(seconds), line: text },
})
export const ended = (task: string, span: readonly [number, number], told: Partial<Part> = {}): Act => ({
  do: 'show',
  event: { type: 'ended', at: ms(span[1]), part: part(task, span, told) },
})
export const mask = (secret: string): Act => ({ do: 'mask', secret })
export const wait = (time: number): Act => ({ do: 'wait', ms: time })
export const end = (record: Record): Act => ({ do: 'end', record })
export const say = (what: 'read' | 'output' | 'state' | 'warn' | 'fail', text: string): Act => ({ do: what, text })

type Environment = Readonly<{ [name: string]: string }>

export const playArgv = (play: Play): readonly string[] => [
  process.execPath,
  '--no-warnings=ExperimentalWarning',
  join(import.meta.dirname, 'play.ts'),
  JSON.stringify(play),
]

/** Runs a host in a process of its own and gives all that it wrote, each random token as `TOKEN`. */
export async function run(play: Play, env: Environment = {}) {
  const [file = '', ...argv] = playArgv(play)
  const { stdout, stderr, exitCode } = await execa(file, argv, {
    env: { PATH: process.env.PATH, ...env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
  })
  return { stdout: stdout.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'TOKEN'), stderr, exitCode }
}
