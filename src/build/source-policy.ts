import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../disk/files.ts'
import { UserError } from '../errors.ts'
import type { Scope } from '../task/scope.ts'
import { type Lock, lockFile, readLock } from './lock.ts'

/** What buildx reads the policy of a build, or of a bake, from (docker/buildx, build/build.go: ReadSourcePolicy). */
const variable = 'EXPERIMENTAL_BUILDKIT_SOURCE_POLICY'

const policySchema = z.looseObject({ rules: z.array(z.json()).default([]) })
type Policy = z.output<typeof policySchema>

/**
 * The environment in which buildx builds on what `pce.lock` pins: BuildKit itself puts the digest in the place of each
 * name, wherever that stands. Empty without a lock. A policy of the user's own comes first.
 * @throws UserError for a lock, or a policy of the user's, that can't be read
 */
export async function lockedEnv(scope: Scope): Promise<Readonly<Record<string, string>>> {
  const lock = await readLock(scope.context)
  if (lock === undefined) return {}
  const own = await ownPolicy(scope)
  const policy = { ...own, rules: [...(own?.rules ?? []), ...pinsOf(lock)] }
  const file = join(scope.run.directory, 'private', 'source-policy.json')
  await writeWhole(file, `${JSON.stringify(policy)}\n`, 0o600)
  return { [variable]: file }
}

/** Pure: a rule for each image of the lock (moby/buildkit, sourcepolicy/pb/policy.proto). */
const pinsOf = ({ images }: Lock): Policy['rules'] =>
  Object.entries(images).map(([image, digest]) => ({
    action: 'CONVERT',
    selector: { identifier: `docker-image://${image}` },
    updates: { identifier: `docker-image://${image}@${digest}` },
  }))

async function ownPolicy({ context, env }: Scope): Promise<Policy | undefined> {
  const path = env[variable]
  if (!path) return undefined
  try {
    return policySchema.parse(JSON.parse(await readFile(resolve(context, path), 'utf8')))
  } catch (cause) {
    throw new UserError(
      `${variable}: found ${path}, expected a file of JSON with rules, to which those of ${lockFile} are added`,
      { cause },
    )
  }
}
