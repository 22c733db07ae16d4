import { OutsideError, UserError } from '../errors.ts'
import { type Claims, readClaims } from '../github/claims.ts'
import { fetchIdToken, findTokenSource, type TokenSource } from '../github/id-token.ts'
import type { Scope } from '../task/scope.ts'
import { type Credentials, clientOptions } from './client.ts'
import { explainMissingToken, explainRefusal } from './diagnose.ts'
import { failureOf, type Retrying, withRetry } from './retry.ts'

/** What is asked of STS. Names as in aws-actions/configure-aws-credentials where the meaning is the same. */
export interface RoleRequest {
  readonly role: string | undefined
  readonly region: string
  readonly sessionName: string
  /** seconds */
  readonly duration: number | undefined
  readonly externalId: string | undefined
  /** assume the role with the credentials that are there, not with GitHub's token */
  readonly chaining: boolean
  /** JSON */
  readonly inlinePolicy: string | undefined
  readonly managedPolicies: readonly string[]
  readonly audience: string
  /** accounts that may be used; any when empty */
  readonly allowedAccounts: readonly string[]
}

/** Who we are to AWS. `credentials` undefined: what the machine has (environment, EC2, ECS, EKS), by the SDK's chain. */
export interface Identity {
  readonly account: string
  readonly arn: string
  readonly credentials: Credentials | undefined
}

type Around = Pick<Scope, 'say' | 'signal' | 'mask' | 'env'> & Retrying

/**
 * Becomes the role, or finds out who the machine is. The ID token is asked for right before it is used.
 * @throws UserError for what the job lacks; OutsideError that explains a refusal from our own claims.
 */
export async function becomeIdentity(request: RoleRequest, around: Around): Promise<Identity> {
  const identity = await findIdentity(request, around)
  if (request.allowedAccounts.length === 0 || request.allowedAccounts.includes(identity.account)) return identity
  throw new UserError(
    `allowed-account-ids: this is account ${identity.account} (${identity.arn}), and allowed are ${request.allowedAccounts.join(', ')}`,
  )
}

async function findIdentity(request: RoleRequest, around: Around): Promise<Identity> {
  const { role, chaining } = request
  if (role === undefined) return callerIdentity(request, around)
  const source = chaining ? undefined : findTokenSource(around.env)
  if (source !== undefined) return assumeByToken({ ...request, role }, source, around)
  if (!chaining && !hasAmbientKeys(around.env)) throw new UserError(explainMissingToken(around.env))
  return assumeByKeys({ ...request, role }, around)
}

const hasAmbientKeys = ({
  AWS_ACCESS_KEY_ID,
  AWS_PROFILE,
  AWS_CONTAINER_CREDENTIALS_FULL_URI,
  AWS_WEB_IDENTITY_TOKEN_FILE,
}: Scope['env']): boolean =>
  [AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_WEB_IDENTITY_TOKEN_FILE].some(Boolean)

type WithRole = RoleRequest & { readonly role: string }

async function assumeByToken(request: WithRole, source: TokenSource, around: Around): Promise<Identity> {
  const { STSClient, AssumeRoleWithWebIdentityCommand } = await import('@aws-sdk/client-sts')
  const client = new STSClient(await clientOptions(request.region, around.env, { unsigned: true }))
  let token: string | undefined
  let claims: Claims | undefined
  const tokenNow = async (fresh: boolean): Promise<string> => {
    if (token !== undefined && !fresh) return token
    const question = { source, audience: request.audience, env: around.env, signal: around.signal }
    token = await withRetry("GitHub's ID token", () => fetchIdToken(question), around)
    around.mask(token)
    claims = readClaims(token)
    return token
  }
  try {
    return await withRetry(
      'Assume the role',
      async ({ newToken }) => {
        const command = new AssumeRoleWithWebIdentityCommand({
          ...common(request),
          WebIdentityToken: await tokenNow(newToken),
        })
        return identityOf(await client.send(command, { abortSignal: around.signal }), around)
      },
      around,
    )
  } catch (error) {
    throw refusal(error, { request, claims, env: around.env })
  } finally {
    client.destroy()
  }
}

async function assumeByKeys(request: WithRole, around: Around): Promise<Identity> {
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts')
  const client = new STSClient(await clientOptions(request.region, around.env))
  const command = new AssumeRoleCommand({
    ...common(request),
    ...(request.externalId && { ExternalId: request.externalId }),
  })
  try {
    return await withRetry(
      'Assume the role',
      async () => identityOf(await client.send(command, { abortSignal: around.signal }), around),
      around,
    )
  } catch (error) {
    throw refusal(error, { request, claims: undefined, env: around.env })
  } finally {
    client.destroy()
  }
}

async function callerIdentity(request: RoleRequest, around: Around): Promise<Identity> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts')
  const client = new STSClient(await clientOptions(request.region, around.env))
  try {
    const { Account = '', Arn = '' } = await withRetry(
      'Ask who we are',
      () => client.send(new GetCallerIdentityCommand({}), { abortSignal: around.signal }),
      around,
    )
    return { account: Account, arn: Arn, credentials: undefined }
  } catch (error) {
    throw refusal(error, { request, claims: undefined, env: around.env })
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

interface Assumed {
  readonly Credentials?:
    | {
        AccessKeyId: string | undefined
        SecretAccessKey: string | undefined
        SessionToken: string | undefined
        Expiration: Date | undefined
      }
    | undefined
  readonly AssumedRoleUser?: { Arn: string | undefined } | undefined
}

function identityOf({ Credentials, AssumedRoleUser }: Assumed, { mask }: Around): Identity {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new OutsideError('STS answered without credentials')
  for (const secret of [SecretAccessKey, SessionToken]) mask(secret)
  const arn = AssumedRoleUser?.Arn ?? ''
  // arn:aws:sts::123456789012:assumed-role/ci/name: its fifth field spares a GetCallerIdentity.
  const account = arn.split(':')[4] ?? ''
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration && { expiration: Expiration }),
  }
  return { account, arn, credentials }
}

function refusal(error: unknown, context: Parameters<typeof explainRefusal>[1]): unknown {
  if (error instanceof UserError || error instanceof OutsideError) return error
  return new OutsideError(explainRefusal(failureOf(error), context), { cause: error })
}
