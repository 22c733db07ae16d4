import { ECRClient, type ECRClientConfig } from '@aws-sdk/client-ecr'
import { ECRPUBLICClient } from '@aws-sdk/client-ecr-public'
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
  STSClient,
  type STSClientConfig,
} from '@aws-sdk/client-sts'
import { type Cloud, ciRole } from './cloud.ts'
import type { Keys } from './keyring.ts'

/** The SDK's own clients at a cloud's STS: no retry, unless asked for. */
export function stsCalls(cloud: Cloud) {
  const clientOf = (config: STSClientConfig) =>
    new STSClient({ endpoint: cloud.sts.origin, region: 'eu-west-1', maxAttempts: 1, ...config })
  const identity = (input: Partial<AssumeRoleWithWebIdentityCommandInput> = {}, config: STSClientConfig = {}) =>
    clientOf(config).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: ciRole.arn,
        RoleSessionName: 'build-1',
        WebIdentityToken: cloud.oidc.mint({ aud: 'sts.amazonaws.com' }),
        ...input,
      }),
    )
  return {
    identity,
    assume: (keys: Keys, input: Partial<AssumeRoleCommandInput> & { readonly RoleArn: string }) =>
      clientOf(withKeys(keys)).send(new AssumeRoleCommand({ RoleSessionName: 'chained', ...input })),
    whoami: (keys: Keys, config: STSClientConfig = {}) =>
      clientOf({ ...withKeys(keys), ...config }).send(new GetCallerIdentityCommand({})),
    /** The keys of a new session. */
    async login(input: Partial<AssumeRoleWithWebIdentityCommandInput> = {}): Promise<Keys> {
      const { Credentials } = await identity(input)
      const keys = cloud.sts.keyring.find(Credentials?.AccessKeyId ?? '')
      if (keys === undefined) throw new Error('STS gave keys that it does not know')
      return keys
    },
  }
}

const once = { region: 'us-east-1', maxAttempts: 1 }

export const ecrClient = (cloud: Cloud, keys: Keys, config: ECRClientConfig = {}) =>
  new ECRClient({ endpoint: cloud.ecr.origin, ...once, ...withKeys(keys), ...config })

export const ecrPublicClient = (cloud: Cloud, keys: Keys, config: ECRClientConfig = {}) =>
  new ECRPUBLICClient({ endpoint: cloud.ecr.publicOrigin, ...once, ...withKeys(keys), ...config })

export const withKeys = ({ accessKeyId, secretAccessKey, sessionToken }: Keys) => ({
  credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
})

interface SdkError {
  /** In the Query protocol; JSON errors are named by it. */
  readonly Code?: string
  readonly name?: string
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/** What a refusal is: the code that the service gave, the status, the sentence. */
export async function refusal(call: Promise<unknown>): Promise<unknown[]> {
  const { Code, name, message, $metadata } = await call.then<SdkError, SdkError>(
    () => ({ name: 'no refusal' }),
    (error: SdkError) => error,
  )
  return [Code ?? name, $metadata?.httpStatusCode, message]
}
