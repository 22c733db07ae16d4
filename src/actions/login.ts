import type { Authorization } from '../aws/ecr.ts'
import type { Identity } from '../aws/role.ts'
import { loginOf } from '../config/login-inputs.ts'
import { UserError } from '../errors.ts'
import { explainMissingPassword } from '../github/job.ts'
import type { GitHubHost } from '../host/github.ts'
import { checkPassword } from '../login/check-password.ts'
import type { LoginConfig } from '../login/config.ts'
import { ownFolder, readOwn } from '../login/docker-config.ts'
import { folderFor, writePrivateConfig } from '../login/export.ts'
import { awsHostsOf, type SignIn, signIn } from '../login/sign-in.ts'
import { baseOf } from '../run/run.ts'
import { exported, pointers, regions } from './exported.ts'
import { cancelSignal } from './inputs.ts'

type Environment = Readonly<{ [name: string]: string | undefined }>

/** The login action: signs in, and exports a private Docker configuration to the steps that follow. */
export async function performLoginAction(host: GitHubHost): Promise<void> {
  const { env } = process
  const signal = cancelSignal()
  const wanted = await loginOf({ read: host.read.bind(host), from: (input: string) => `input ${input}` })
  const { registries, section } = wanted
  const request = { registries, section, credentials: credentialsFor(wanted, env) }
  const say = (line: string): void => host.show({ type: 'note', at: Date.now(), line })
  const { authorizations, identity } = await signIn(request, { env, signal, say, mask: host.mask.bind(host) })
  await checkPasswords(request, { host, env, signal })
  const folder = folderFor(baseOf(process.cwd(), env))
  await exportConfig(authorizations, folder, { host, env })
  if (wanted['export-credentials'] === 'true') exportCredentials(identity, wanted, { host, env })
  writeOutputs({ wanted, authorizations, identity, folder }, host)
  say(`Logged in to ${registries.join(', ')} for the steps that follow`)
}

/** User name and password where a host needs them. @throws UserError that says why a secret may be empty here */
function credentialsFor(wanted: LoginConfig, env: Environment) {
  const { registries, section, username, password } = wanted
  const credentials = username !== undefined && password !== undefined ? { username, password } : undefined
  if (wanted['export-credentials'] === 'true' && section['role-to-assume'] === undefined)
    throw new UserError('input export-credentials: only the credentials of a role are given on: give role-to-assume')
  const aws = new Set(awsHostsOf({ registries, section, credentials }).map(({ host }) => host))
  const open = registries.filter(host => !aws.has(host))
  if (credentials !== undefined || open.length === 0) return credentials
  const missing = username === undefined ? 'username' : 'password'
  throw new UserError(`input ${missing}: empty, and ${open.join(', ')} asks for one\n${explainMissingPassword(env)}`)
}

/**
 * A password that a registry refuses fails here, where it was given, and not in some later push. Where a registry can't
 * be asked from here, Docker may still reach it.
 */
async function checkPasswords(request: SignIn, { host, env, signal }: Place & { readonly signal: AbortSignal }) {
  const { registries, credentials } = request
  if (credentials === undefined) return
  const aws = new Set(awsHostsOf(request).map(one => one.host))
  const open = registries.filter(name => !aws.has(name))
  const checks = await Promise.all(open.map(name => checkPassword(name, credentials, { env, signal })))
  for (const [at, check] of checks.entries()) {
    if (check.is === 'unknown')
      host.warn(`${open[at]} could not be asked about the login, which is used unchecked: ${check.why}`)
    if (check.is === 'refused')
      throw new UserError(
        `${open[at]} does not take the password of ${credentials.username}: ${check.why}\n${advice(open[at] ?? '')}`,
      )
  }
}

/** What a registry takes for a password. */
function advice(name: string): string {
  if (name === 'ghcr.io')
    return 'Give secrets.GITHUB_TOKEN, with permissions: { packages: write } in the job, or a classic token with write:packages.'
  if (name === 'docker.io') return 'Give the name of the account, in lower case, and an access token of it.'
  return 'See that user name and password belong together and are for this registry.'
}

interface Place {
  readonly host: GitHubHost
  readonly env: Environment
}

async function exportConfig(authorizations: readonly Authorization[], folder: string, { host, env }: Place) {
  const before = Object.fromEntries(pointers.map(name => [name, env[name] ?? '']))
  // Saved before it is there: a step that is killed in between leaves nothing.
  host.saveState('login', JSON.stringify({ folder, before }))
  const { credsStore } = await readOwn(env)
  if (credsStore === 'ecr-login')
    host.show({
      type: 'note',
      at: Date.now(),
      line: `The store ecr-login of ${ownFolder(env)} is not asked while this login lasts: name all hosts of ECR in registries`,
    })
  const variables = await writePrivateConfig(authorizations, folder, env)
  for (const name of pointers) host.exportVariable(name, variables[name])
}

function exportCredentials(identity: Identity | undefined, { registries }: LoginConfig, { host, env }: Place): void {
  if (identity === undefined)
    throw new UserError(`input export-credentials: none of ${registries.join(', ')} asks AWS for a login`)
  const { region, credentials } = identity
  const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials
  for (const secret of [accessKeyId, secretAccessKey, sessionToken]) host.mask(secret)
  const before = Object.fromEntries(regions.map(name => [name, env[name] ?? '']))
  host.saveState('credentials', JSON.stringify(before))
  const values = [accessKeyId, secretAccessKey, sessionToken, region, region]
  for (const [index, name] of exported.entries()) host.exportVariable(name, values[index] ?? '')
}

interface LoggedIn {
  readonly wanted: LoginConfig
  readonly authorizations: readonly Authorization[]
  readonly identity: Identity | undefined
  readonly folder: string
}

function writeOutputs({ wanted, authorizations, identity, folder }: LoggedIn, host: GitHubHost): void {
  const { registries, section } = wanted
  const session = wanted['export-credentials'] === 'true' ? identity?.credentials.expiration?.toISOString() : undefined
  const [end = ''] = [...authorizations.map(({ expires }) => expires), session].filter(one => one !== undefined).sort()
  const outputs = {
    registry: registries[0] ?? '',
    registries: JSON.stringify(registries),
    'docker-config': folder,
    'aws-account-id': identity?.account ?? '',
    // The ARN of a session leaves out the path of its role: only the input has all of it.
    'role-arn': identity === undefined ? '' : (section['role-to-assume'] ?? ''),
    'authenticated-arn': identity?.arn ?? '',
    'expires-at': end,
  }
  for (const [name, value] of Object.entries(outputs)) host.setOutput(name, value)
}
