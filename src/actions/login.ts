import { explainMissingPassword } from '../aws/diagnose.ts'
import type { Identity } from '../aws/identity.ts'
import { loginOf } from '../config/credentials.ts'
import { UserError } from '../errors.ts'
import type { GitHubHost } from '../host/github.ts'
import type { LoginConfig } from '../login/config.ts'
import { folderFor, writePrivateConfig } from '../login/export.ts'
import { awsHostsOf, signIn } from '../login/sign-in.ts'
import { baseOf } from '../run/run.ts'
import { cancelSignal, isTrue } from './inputs.ts'

/** The login action: signs in, and exports a private Docker configuration to the steps that follow. */
export async function performLoginAction(host: GitHubHost): Promise<void> {
  const { env } = process
  const wanted = loginOf({ read: host.read.bind(host), from: (input: string) => `input ${input}` })
  const signal = cancelSignal()
  const say = (line: string): void => host.show({ type: 'note', at: Date.now(), line })
  const credentials = passwordOf(wanted, env)
  const request = { registries: wanted.registries, section: wanted.section, credentials }
  const { authorizations, identity } = await signIn(request, { env, signal, say, mask: host.mask.bind(host) })
  const folder = folderFor(baseOf(process.cwd(), env))
  host.saveState('login', folder)
  const config = await writePrivateConfig(authorizations, folder, env)
  for (const [name, value] of Object.entries(config)) host.exportVariable(name, value)
  if (isTrue('export-credentials', host)) exportCredentials(identity, host)
  const ends = authorizations.flatMap(({ expires }) => expires ?? []).sort()
  const outputs = {
    registry: wanted.registries[0] ?? '',
    registries: JSON.stringify(wanted.registries),
    'docker-config': folder,
    'aws-account-id': identity?.account ?? '',
    'role-arn': identity?.arn ?? '',
    'expires-at': ends[0] ?? '',
  }
  for (const [name, value] of Object.entries(outputs)) host.setOutput(name, value)
  say(`Logged in to ${wanted.registries.join(', ')} for the steps that follow`)
}

/** User name and password where a host needs them. @throws UserError that says why a secret may be empty here */
function passwordOf({ registries, section, username, password }: LoginConfig, env: NodeJS.ProcessEnv) {
  const credentials = username !== undefined && password !== undefined ? { username, password } : undefined
  const aws = new Set(awsHostsOf({ registries, section, credentials }).map(({ host }) => host))
  const open = registries.filter(host => !aws.has(host))
  if (credentials !== undefined || open.length === 0) return credentials
  const missing = username === undefined ? 'username' : 'password'
  throw new UserError(`input ${missing}: empty, and ${open.join(', ')} asks for one\n${explainMissingPassword(env)}`)
}

export const exported = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const

function exportCredentials(identity: Identity | undefined, host: GitHubHost): void {
  const { credentials } = identity ?? {}
  if (credentials === undefined)
    throw new UserError('input export-credentials: there is no role-to-assume whose credentials could be given on')
  const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials
  for (const secret of [accessKeyId, secretAccessKey, sessionToken]) host.mask(secret)
  host.saveState('credentials', 'exported')
  for (const [index, value] of [accessKeyId, secretAccessKey, sessionToken].entries())
    host.exportVariable(exported[index] ?? '', value)
}
