import { setTimeout as wait } from 'node:timers/promises'
import { openGitHub } from '../../src/host/github.ts'
import type { Event, Host } from '../../src/host/host.ts'
import { openTerminal } from '../../src/host/terminal.ts'
import type { Record } from '../../src/record/record.ts'

/** What a host is told, one after the other. */
export type Act =
  | { readonly do: 'show'; readonly event: Event }
  | { readonly do: 'mask'; readonly secret: string }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'end'; readonly record: Record }
  | { readonly do: 'close' }
  | { readonly do: 'throw' }
  | { readonly do: 'read' | 'output' | 'state' | 'warn' | 'fail'; readonly text: string }

export interface Play {
  readonly host: 'terminal' | 'github'
  readonly verbose?: boolean
  readonly beat?: number
  readonly acts: readonly Act[]
}

const play: Play = JSON.parse(process.argv[2] ?? '')
const github = play.host === 'github' ? openGitHub(play) : undefined
const host: Host =
  github ?? openTerminal({ ...play, stream: process.stderr, env: process.env, read: name => process.env[name] })

for (const act of play.acts) {
  if (act.do === 'show') host.show(act.event)
  if (act.do === 'mask') host.mask(act.secret)
  if (act.do === 'wait') await wait(act.ms)
  if (act.do === 'end') await host.end(act.record)
  if (act.do === 'close') host.close()
  if (act.do === 'throw') throw new Error('thrown')
  if (act.do === 'read') console.log(JSON.stringify(host.read(act.text) ?? 'undefined'))
  if (act.do === 'output') github?.setOutput('image', act.text)
  if (act.do === 'state') github?.saveState('run', act.text)
  if (act.do === 'warn') github?.warn(act.text)
  if (act.do === 'fail') github?.fail(act.text)
}
