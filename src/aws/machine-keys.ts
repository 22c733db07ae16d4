import { adviceOnMachine } from './advice.ts'
import { type Credentials, clientOptions } from './client.ts'
import { failureOf, isWithoutKeys } from './failure.ts'
import { hasAmbientKeys } from './identity.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

/** Gives the credentials of the machine, new ones where the last are about to end. */
export type Keys = () => Promise<Credentials>

/**
 * The credentials of the machine: those of the environment, else by the SDK's own chain; a text with what to do where
 * there are none.
 */
export async function machineKeys(region: string, env: Environment): Promise<Keys | string> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env
  if (accessKeyId && secretAccessKey) {
    const keys = { accessKeyId, secretAccessKey, ...(token ? { sessionToken: token } : {}) }
    return async () => keys
  }
  const { STSClient } = await import('@aws-sdk/client-sts')
  const { credentials } = new STSClient(await clientOptions({ service: 'STS', region }, env)).config
  try {
    await credentials()
    return credentials
  } catch (error) {
    const failure = failureOf(error)
    return isWithoutKeys(failure) ? (hasAmbientKeys(env) ? adviceOnMachine(env) : none) : failure.message
  }
}

const none =
  'there are no AWS credentials here: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine a role.'
