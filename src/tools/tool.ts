import { homedir } from 'node:os'
import { join } from 'node:path'

/** A file on a release host: where it is, what its bytes must be, and the program's path when it is a tar archive. */
export interface Asset {
  readonly url: string
  readonly sha256: string
  readonly entry?: string
  /** Where a platform's newest checked release is another one than the pin's. */
  readonly version?: string
}

/** A program that we rely on, and the one release of it that is downloaded when it is missing. */
export interface Pin {
  readonly name: string
  readonly version: string
  /** The oldest version on PATH that serves. */
  readonly atLeast: string
  readonly versionArgs: readonly string[]
  /** By `os/architecture`, in Docker's words: `linux/amd64`. */
  readonly assets: Readonly<Record<string, Asset>>
}

export interface Tool {
  readonly name: string
  readonly path: string
  readonly version: string
  readonly source: 'path' | 'cache' | 'release'
}

export type Env = Readonly<Record<string, string | undefined>>

export interface FindOptions {
  readonly env: Env
  readonly signal: AbortSignal
  /** the checkout: a program inside it is the repository's, not the machine's */
  readonly context?: string
  say(line: string): void
  /** ms until a release host must have begun to answer; 5000 when not given. */
  readonly connectDeadline?: number
  /** Hosts that did not answer in this run: asked once, not again for every program. */
  readonly silentHosts?: Set<string>
}

/** Where programs are kept between runs: `PCE_TOOLS`, else a folder in the user's cache, never in the repository. */
export function toolsFolder(env: Env): string {
  if (env.PCE_TOOLS) return env.PCE_TOOLS
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'pce-actions')
}

/** This machine in Docker's words, `linux/arm64`. */
export function hostPlatform(): string {
  const architectures: Readonly<Record<string, string>> = { x64: 'amd64' }
  return `${process.platform}/${architectures[process.arch] ?? process.arch}`
}
