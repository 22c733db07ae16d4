import { OutsideError, UserError } from '../errors.ts'
import { type Claims, readClaims } from '../github/claims.ts'
import { fetchIdToken, type TokenSource } from '../github/id-token.ts'
import { stsOptions } from './client.ts'
import { explainRefusal } from './diagnose.ts'
import { failureOf } from './failure.ts'
import { withRetry } from './retry.ts'
import type { Around, Identity, RoleRequest } from './role.ts'

type WithRole = RoleRequest & { readonly role: string }

/** Assumes the role with GitHub's ID token: two calls. @throws OutsideError that explains the refusal */
export async function assumeByToken(request: WithRole, source: TokenSource, around: Around): Promise<Identity> {
  if (request.externalId !== undefined)
    around.say('role-external-id: not used, since an ID token has none; it goes with role-chaining')
  const tokens = openTokens(source, request.audience, around)
  // Asked for at once: the client loads meanwhile. A refusal is heard where the token is taken.
  tokens.take(false).catch(() => {})
  const { STSClient, AssumeRoleWithWebIdentityCommand } = await import('@aws-sdk/client-sts')
  const client = new STSClient(await stsOptions(request, around.env, { unsigned: true }))
  const assume = async ({ newToken }: { newToken: boolean }): Promise<Identity> => {
    const WebIdentityToken = await tokens.take(newToken)
    const command = new AssumeRoleWithWebIdentityCommand({ ...common(request), WebIdentityToken })
    return identityOf(await client.send(command, { abortSignal: around.signal }), request, around)
  }
  try {
    return await withRetry('Assume the role', assume, around)
  } catch (error) {
    around.signal.throwIfAborted()
    throw refusal(error, { role: request.role, claims: tokens.claims(), env: around.env })
  } finally {
    client.destroy()
  }
}

/** The ID token of a series of tries: the same one, until a new one is wanted. It is masked before it is used. */
function openTokens(source: TokenSource, audience: string, around: Around) {
  const { env, signal, mask } = around
  let token: Promise<string> | undefined
  let claims: Claims | undefined
  mask(source.bearer)
  return {
    claims: () => claims,
    take(fresh: boolean): Promise<string> {
      if (token === undefined || fresh) token = ask()
      return token
    },
  }
  async function ask(): Promise<string> {
    const asked = await askForToken(() => fetchIdToken({ source, audience, env, signal }), around)
    mask(asked)
    claims = readClaims(asked)
    return asked
  }
}

async function askForToken(ask: () => Promise<string>, around: Around): Promise<string> {
  try {
    return await withRetry("GitHub's ID token", ask, around)
  } catch (error) {
    around.signal.throwIfAborted()
    if (error instanceof UserError) throw error
    const failure = failureOf(error)
    const { message, code } = failure
    throw new OutsideError(
      `No ID token from GitHub: ${message}${code === undefined ? '' : ` (${code})`}\nRun again later, and see githubstatus.com; behind a proxy, see HTTPS_PROXY, NO_PROXY and AWS_CA_BUNDLE.`,
      { cause: failure },
    )
  }
}

/** Assumes the role with the credentials that are there. @throws OutsideError */
export async function assumeByKeys(request: WithRole, around: Around): Promise<Identity> {
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts')
  const client = new STSClient(await stsOptions(request, around.env))
  const { externalId } = request
  const command = new AssumeRoleCommand({ ...common(request), ...(externalId && { ExternalId: externalId }) })
  const assume = async () => identityOf(await client.send(command, { abortSignal: around.signal }), request, around)
  try {
    return await withRetry('Assume the role', assume, around)
  } catch (error) {
    around.signal.throwIfAborted()
    const { role, chaining } = request
    throw refusal(error, { role, chaining, claims: undefined, env: around.env })
  } finally {
    client.destroy()
  }
}

const common = ({ role, sessionName, duration, inlinePolicy, managedPolicies }: WithRole) => ({
  RoleArn: role,
  RoleSessionName: sessionName,
  ...(duration === undefined ? {} : { DurationSeconds: duration }),
  ...(inlinePolicy === undefined ? {} : { Policy: inlinePolicy }),
  ...(managedPolicies.length === 0 ? {} : { PolicyArns: managedPolicies.map(arn => ({ arn })) }),
})

type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined }

interface Assumed {
  readonly Credentials?:
    | Optional<{ AccessKeyId: string; SecretAccessKey: string; SessionToken: string; Expiration: Date }>
    | undefined
  readonly AssumedRoleUser?: Optional<{ Arn: string }> | undefined
}

function identityOf({ Credentials, AssumedRoleUser }: Assumed, { region }: RoleRequest, { mask }: Around): Identity {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new OutsideError('STS answered without credentials')
  for (const secret of [SecretAccessKey, SessionToken]) mask(secret)
  const arn = AssumedRoleUser?.Arn ?? ''
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration && { expiration: Expiration }),
  }
  // arn:aws:sts::123456789012:assumed-role/ci/name: its fifth field spares a GetCallerIdentity.
  return { account: arn.split(':')[4] ?? '', arn, region, credentials, assumed: true }
}

/** An error as it is told: one that explains itself as it is, any other by what AWS said. */
export function refusal(error: unknown, asked: Parameters<typeof explainRefusal>[1]): unknown {
  if (error instanceof UserError || error instanceof OutsideError) return error
  const failure = failureOf(error)
  return new OutsideError(explainRefusal(failure, asked), { cause: failure })
}
