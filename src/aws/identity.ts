import { UserError } from '../errors.ts'
import { findTokenSource } from '../github/id-token.ts'
import { explainMissingToken } from '../github/job.ts'
import { assumeByKeys, assumeByToken, refusal } from './assume.ts'
import { type Credentials, stsOptions } from './client.ts'
import { withRetry } from './retry.ts'
import type { Around, Identity, RoleRequest } from './role.ts'

/**
 * Becomes the role, or finds out who the machine is. The ID token is asked for right before it is used.
 * @throws UserError for what the job lacks; OutsideError that explains a refusal from our own claims.
 */
export async function becomeIdentity(request: RoleRequest, around: Around): Promise<Identity> {
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const) {
    const secret = around.env[name]
    if (secret) around.mask(secret)
  }
  // The account of a role is in its ARN: one that is not allowed is not even asked.
  checkAccount(request.role?.split(':')[4], request)
  const identity = await findIdentity(request, around)
  checkAccount(identity.account, request)
  return identity
}

function checkAccount(account: string | undefined, { role, allowedAccounts }: RoleRequest): void {
  if (account === undefined || allowedAccounts.length === 0 || allowedAccounts.includes(account)) return
  throw new UserError(
    `allowed-account-ids: ${role === undefined ? 'the AWS credentials are' : `${role} is`} of account ${account}, and allowed are ${allowedAccounts.join(', ')}`,
  )
}

async function findIdentity(request: RoleRequest, around: Around): Promise<Identity> {
  const { role, chaining } = request
  if (role === undefined) return callerIdentity(request, around)
  const source = chaining ? undefined : findTokenSource(around.env)
  if (source !== undefined) return assumeByToken({ ...request, role }, source, around)
  if (!chaining && !hasAmbientKeys(around.env)) throw new UserError(explainMissingToken(around.env))
  if (!chaining && around.env.GITHUB_ACTIONS === 'true')
    around.say('This job can not ask for an ID token: the role is assumed with the AWS credentials of the machine')
  if ((request.duration ?? 0) > 3600 && around.env.AWS_SESSION_TOKEN) {
    throw new UserError(
      `role-duration-seconds: ${request.duration}, and a role that is assumed by another lasts 3600 at most`,
    )
  }
  return assumeByKeys({ ...request, role }, around)
}

/** Variables of which one says that the machine has credentials; an instance of EC2 has none of them. */
const ambient = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
] as const

/** True where the environment says that there are credentials of AWS. */
export const hasAmbientKeys = (env: Around['env']): boolean => ambient.some(name => Boolean(env[name]))

/** The credentials of the machine are asked for once, by the SDK's own chain, and serve every call after that. */
async function callerIdentity(request: RoleRequest, around: Around): Promise<Identity> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts')
  const client = new STSClient(await stsOptions(request, around.env, { credentials: request.keys }))
  const ask = async (): Promise<Identity> => {
    const credentials = await client.config.credentials()
    maskKeys(credentials, around)
    const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}), {
      abortSignal: around.signal,
    })
    return { account: Account, arn: Arn, region: request.region, credentials, assumed: false }
  }
  try {
    return await withRetry('Ask who we are', ask, around)
  } catch (error) {
    around.signal.throwIfAborted()
    throw refusal(error, { role: undefined, claims: undefined, env: around.env })
  } finally {
    client.destroy()
  }
}

/** Masks what came from elsewhere than the environment, which is masked already. */
function maskKeys({ secretAccessKey, sessionToken }: Credentials, { env, mask }: Around): void {
  if (secretAccessKey !== env.AWS_SECRET_ACCESS_KEY) mask(secretAccessKey)
  if (sessionToken !== undefined && sessionToken !== env.AWS_SESSION_TOKEN) mask(sessionToken)
}
