import type { Oidc } from '../oidc/oidc.ts'
import { assumeWithIdentity, assumeWithKeys, describeCaller, type StsParts } from './assume.ts'
import { type Authenticated, authenticate, type Flaw, SignatureFlaw } from './authenticate.ts'
import { type Clock, createClock } from './clock.ts'
import { createFaults, type FaultRule } from './faults.ts'
import { createKeyring, type Keyring, type Keys } from './keyring.ts'
import type { PolicyDocument } from './policy.ts'
import { Refusal } from './refusal.ts'
import { accountNames, enrol, type Role } from './role.ts'
import { type Asked, type Call, openServer } from './server.ts'
import { stsFailures } from './sts-failures.ts'
import { type Elements, xmlError, xmlResult } from './xml.ts'

export interface StsOptions {
  /** Its issuer is a provider in every account that has a role. */
  readonly oidc: Pick<Oidc, 'issuer' | 'origin'>
  readonly roles: readonly Role[]
  /** What the provider is registered for; `sts.amazonaws.com` when absent. */
  readonly audiences?: readonly string[]
  /** For `PolicyArns`; one that is not here allows nothing. */
  readonly managedPolicies?: Readonly<Record<string, PolicyDocument>>
  /** Whose endpoint this is; any region when absent. */
  readonly regions?: readonly string[]
  /** Milliseconds to wait for the provider's keys; 5000 when absent. */
  readonly patience?: number
  readonly clock?: Clock
  readonly log?: Call[]
}

type StsFailure = keyof typeof stsFailures

export interface Sts extends AsyncDisposable {
  readonly origin: string
  readonly log: readonly Call[]
  readonly clock: Clock
  /** Every key that was given out. */
  readonly keyring: Keyring
  /** A user's lasting keys, as someone keeps them in a secret. */
  addUser(user: { readonly account: string; readonly name: string; readonly policy: PolicyDocument }): Keys
  /** Actions are named as in the API. */
  fault(rule: FaultRule<StsFailure>): Disposable
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens a Security Token Service that believes nothing: tokens, policies and signatures are verified. */
export async function openSts(options: StsOptions): Promise<Sts> {
  const { clock = createClock(), log = [], audiences = ['sts.amazonaws.com'], patience = 5000, regions } = options
  const { issuer, origin } = options.oidc
  const roles = new Map(options.roles.map(role => [role.arn, enrol(role)]))
  const accounts = new Set([...roles.values()].map(({ parsed }) => parsed.account))
  const keyring = createKeyring(clock)
  const faults = createFaults<StsFailure>()
  const serves = (region: string) => regions?.includes(region) ?? /^[a-z]{2,4}(-[a-z]+)+-\d$/.test(region)
  const door = { service: 'sts', serves, keyring, tolerance: 15 }
  const parts: StsParts = {
    roles,
    managedPolicies: options.managedPolicies ?? {},
    keyring,
    provider: (account, asked) =>
      accounts.has(account) && asked === issuer ? { issuer, origin, audiences, patience } : undefined,
    now: clock.now,
  }
  const server = await openServer({
    name: 'sts',
    log,
    clock,
    faults,
    failures: stsFailures,
    nameAction: asked => readForm(asked).get('Action') ?? '',
    async answer(asked, action) {
      try {
        return xmlResult(action, await perform(asked, parts, () => authenticate(asked, { ...door, now: clock.now() })))
      } catch (error) {
        return xmlError(explain(error))
      }
    },
  })
  return {
    ...server,
    log,
    clock,
    keyring,
    addUser({ account, name, policy }) {
      const arn = `arn:aws:iam::${account}:user/${name}`
      const names = [arn, ...accountNames('aws', account)]
      return keyring.issue({
        partition: 'aws',
        account,
        arn,
        names,
        userId: 'AIDACKCEVSQ6C2EXAMPLE',
        policies: [policy],
      })
    },
    fault: faults.add,
  }
}

const readForm = ({ body }: Asked): URLSearchParams => new URLSearchParams(body.toString())

async function perform(asked: Asked, parts: StsParts, authenticated: () => Authenticated): Promise<Elements> {
  const form = readForm(asked)
  const [action, version] = [form.get('Action'), form.get('Version')]
  if (asked.method !== 'POST' || asked.target !== '/' || action === null) {
    throw new Refusal('MissingAction', 'The request must contain the parameter Action')
  }
  if (!asked.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    throw new Refusal('MalformedInput', 'The content type of the Query protocol is application/x-www-form-urlencoded')
  }
  if (version !== '2011-06-15') throw new Refusal('NoSuchVersion', `The requested version ( ${version} ) is not valid.`)
  switch (action) {
    case 'AssumeRoleWithWebIdentity':
      // It needs no signature; one that is there must be right all the same.
      if (asked.headers.authorization !== undefined) authenticated()
      return assumeWithIdentity(form, parts)
    case 'AssumeRole':
      return assumeWithKeys(form, authenticated(), parts)
    case 'GetCallerIdentity':
      return describeCaller(authenticated())
    default:
      throw new Refusal('InvalidAction', `Could not find operation ${action} for version 2011-06-15`)
  }
}

const codes: Readonly<Record<Flaw, string>> = {
  missing: 'MissingAuthenticationToken',
  incomplete: 'IncompleteSignature',
  scope: 'SignatureDoesNotMatch',
  time: 'SignatureDoesNotMatch',
  'unknown key': 'InvalidClientTokenId',
  expired: 'ExpiredToken',
  mismatch: 'SignatureDoesNotMatch',
}

function explain(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof SignatureFlaw)
    return new Refusal(codes[error.flaw], error.message, error.flaw === 'incomplete' ? 400 : 403)
  throw error
}
