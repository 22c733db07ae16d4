import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RegistryHost } from '../aws/registry-host.ts'
import { ensureRepository } from '../aws/repository.ts'
import type { RepositoryWish } from '../aws/repository-wish.ts'
import type { Identity } from '../aws/role.ts'
import { UserError } from '../errors.ts'
import type { Scope } from '../task/scope.ts'
import type { LoginSection } from './config.ts'
import type { Destination } from './login.ts'

interface Request {
  readonly section: LoginSection
  readonly destinations: readonly Destination[]
  readonly hosts: readonly RegistryHost[]
  readonly identity: Identity
}

/** Makes the repositories that are missing in private ECR registries, where `create-repository` asks for it. */
export async function makeRepositories(
  { section, destinations, hosts, identity }: Request,
  scope: Scope,
): Promise<void> {
  const wish = section['create-repository']
  if (wish === false) return
  const around = { env: scope.rights, signal: scope.signal, say: scope.say }
  for (const host of hosts) {
    const names = destinations.filter(({ registry }) => registry === host.host).map(({ repository }) => repository)
    const wishes = await Promise.all([...new Set(names)].map(name => wishFor(name, wish, scope)))
    if (host.kind === 'ecr') for (const one of wishes) await ensureRepository(one, { host, identity }, around)
  }
}

async function wishFor(
  name: string,
  wish: Exclude<LoginSection['create-repository'], false>,
  { context }: Scope,
): Promise<RepositoryWish> {
  if (wish === true)
    return { name, immutable: false, scanOnPush: false, lifecycle: undefined, kmsKey: undefined, tags: {} }
  return {
    name,
    immutable: wish.immutable,
    scanOnPush: wish['scan-on-push'],
    lifecycle: wish.lifecycle === undefined ? undefined : await readPolicy(join(context, wish.lifecycle)),
    kmsKey: wish['kms-key'],
    tags: wish.tags,
  }
}

async function readPolicy(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8')
    JSON.parse(text)
    return text
  } catch (cause) {
    throw new UserError(`create-repository.lifecycle: ${file} can't be read as JSON`, { cause })
  }
}
