import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'
import { evaluate, type PolicyDocument } from './policy.ts'

/** Who calls, and what they may do. */
export interface Principal {
  readonly partition: string
  readonly account: string
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` or `arn:aws:iam::ACCOUNT:user/NAME` */
  readonly arn: string
  /** Under which a trust policy may know it: its own ARN, its role's, its account's. */
  readonly names: readonly string[]
  readonly userId: string
  readonly policies: readonly PolicyDocument[]
  /** They narrow the policies; none when undefined. */
  readonly sessionPolicies?: readonly PolicyDocument[]
}

/** An access key, with the session it belongs to. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Absent for a user's lasting key. */
  readonly sessionToken?: string
  /** Milliseconds since 1970; absent for a lasting key. */
  readonly expires?: number
  readonly principal: Principal
}

/** Every key that was given out: what STS issues, ECR knows. */
export interface Keyring {
  /** Keys that live this many seconds, or a lasting pair without. */
  issue(principal: Principal, seconds?: number): Keys
  find(accessKeyId: string): Keys | undefined
  /** All that were given out and not forgotten. */
  all(): readonly Keys[]
  /** Ends a session early. */
  expire(accessKeyId: string): void
  /** Forgets a key, as when another part of AWS does not know it yet. */
  revoke(accessKeyId: string): void
}

export function createKeyring(clock: Clock): Keyring {
  const known = new Map<string, Keys>()
  return {
    issue(principal, seconds) {
      const session =
        seconds === undefined
          ? {}
          : { sessionToken: `IQoJ${randomBytes(420).toString('base64')}`, expires: clock.now() + seconds * 1000 }
      const keys: Keys = {
        accessKeyId: `${seconds === undefined ? 'AKIA' : 'ASIA'}${randomId()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        ...session,
        principal,
      }
      known.set(keys.accessKeyId, keys)
      return keys
    },
    find: accessKeyId => known.get(accessKeyId),
    all: () => [...known.values()],
    expire(accessKeyId) {
      const keys = known.get(accessKeyId)
      if (keys) known.set(accessKeyId, { ...keys, expires: 0 })
    },
    revoke(accessKeyId) {
      known.delete(accessKeyId)
    },
  }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Sixteen letters, as after `ASIA` and `AROA`. */
export const randomId = (): string => Array.from(randomBytes(16), byte => letters[byte % 32]).join('')

/**
 * Why a principal may not: AWS's sentence ("Troubleshoot access denied error messages", IAM user guide), or undefined
 * when it may.
 */
export function explainDenial({ arn, policies, sessionPolicies }: Principal, action: string, resource: string) {
  const judge = (documents: readonly PolicyDocument[]) =>
    documents.map(document => evaluate(document, { action, resource }))
  const sentence = (reason: string) =>
    `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`
  for (const [kind, documents] of [
    ['identity-based', policies],
    ['session', sessionPolicies],
  ] as const) {
    const verdicts = documents && judge(documents)
    if (verdicts?.includes('denied'))
      return sentence(`with an explicit deny in ${kind === 'session' ? 'a' : 'an'} ${kind} policy`)
    if (verdicts && !verdicts.includes('allowed'))
      return sentence(`because no ${kind} policy allows the ${action} action`)
  }
  return undefined
}
