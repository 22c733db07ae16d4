import type { Env } from '../../src/tools/tool.ts'

/** Who asks: the tests want every part, the demo only what it runs. */
export const goals = ['demo', 'test'] as const
export type Goal = (typeof goals)[number]

/** `any`: the host's engine, or Debian's; `current`: also today's beside it. */
export const engines = ['any', 'current'] as const
export type Engine = (typeof engines)[number]

export interface Setup {
  readonly env: Env
  /** The tools folder: programs, daemons' files, and what env.sh reads. */
  readonly tools: string
  readonly signal: AbortSignal
  say(line: string): void
  readonly silentHosts: Set<string>
  /** Whether this host lives on stand-ins, since Docker Hub does not answer. */
  offline(): Promise<boolean>
}

/** One line of setup's report. */
export interface Found {
  readonly how: 'found' | 'installed' | 'started'
  readonly version: string
  readonly where: string
}

export interface Part {
  readonly name: string
  readonly goals: readonly Goal[]
  /** What it means to go without, as the end of "not available: …". */
  readonly without: string
  /** Cheap, changes nothing; undefined when the part is missing or its daemon does not run. */
  probe(setup: Setup): Promise<Found | undefined>
  install(setup: Setup): Promise<Found>
}
