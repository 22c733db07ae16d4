import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type Access, isWrite, openAccessLog } from './access.ts'
import { type BackingChoice, openBacking } from './backing.ts'
import { createFaults, type FaultRule } from './faults.ts'
import { createFront } from './front.ts'
import { readManifest, readTags, type StoredManifest } from './stored.ts'
import { createTokens, type Rights, type Tokens } from './tokens.ts'

export interface EcrOptions {
  /** The only repositories there are, such as `acme/web`. */
  readonly repositories: readonly string[]
  /** Those of them whose tags cannot move. */
  readonly immutable?: readonly string[]
  /** Absent: the program `registry` or `docker-registry` if there is one on PATH, else a container. */
  readonly backing?: BackingChoice
  /** 0 when absent: the system chooses. */
  readonly port?: number
  /** Absent: passwords of its own. Registries of one region share theirs. */
  readonly tokens?: Tokens
  /** Gets one JSON line for each request. */
  readonly logFile?: string
}

/** A registry on this machine with ECR's manners. Its user is `AWS`; disposing it ends all of it. */
export interface Ecr extends AsyncDisposable {
  /** `127.0.0.1:port`, which Docker, BuildKit and Go clients speak plain HTTP to. */
  readonly host: string
  /** A password that may push and pull. */
  readonly token: string
  readonly log: readonly Access[]
  readonly repositories: ReadonlySet<string>
  /** Those of them whose tags cannot move. */
  readonly immutable: ReadonlySet<string>
  /** A further repository, or other manners for the tags of one that is there. */
  put(repository: string, tags: 'mutable' | 'immutable'): void
  /** A further password, as GetAuthorizationToken gives. */
  issue(rights: Rights, ends?: Date): string
  /** All passwords that were given. */
  passwords(): readonly string[]
  /** Makes a password as if twelve hours were over. */
  expire(token: string): void
  /** The requests that changed something. */
  writes(): readonly Access[]
  tags(repository: string): Promise<string[]>
  manifest(repository: string, reference: string): Promise<StoredManifest>
  /** Makes coming requests fail, until they are used up or the rule is disposed. */
  fault(rule: FaultRule): Disposable
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens the registry and waits until it answers. */
export async function openEcr(options: EcrOptions): Promise<Ecr> {
  await using opened = new AsyncDisposableStack()
  const { origin: backing } = opened.use(await openBacking(options.backing))
  const log = opened.use(openAccessLog(options.logFile))
  const tokens = options.tokens ?? createTokens()
  const faults = createFaults()
  const repositories = new Set(options.repositories)
  const immutable = new Set(options.immutable)
  const front = createFront({ backing, repositories, immutable, tokens, faults, log })
  front.listen(options.port ?? 0, '127.0.0.1')
  await once(front, 'listening')
  opened.defer(async () => {
    front.close()
    front.closeAllConnections()
    await once(front, 'close')
  })

  const kept = opened.move()
  return {
    host: `127.0.0.1:${(front.address() as AddressInfo).port}`,
    token: tokens.issue('push'),
    log: log.entries,
    repositories,
    immutable,
    put(repository, tags) {
      repositories.add(repository)
      if (tags === 'immutable') immutable.add(repository)
      else immutable.delete(repository)
    },
    issue: tokens.issue,
    passwords: tokens.all,
    expire: tokens.expire,
    writes: () => log.entries.filter(isWrite),
    tags: repository => readTags(backing, repository),
    manifest: (repository, reference) => readManifest(backing, repository, reference),
    fault: faults.add,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
