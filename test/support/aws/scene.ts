import type { z } from 'zod'
import { invalidParameter, readInput } from './inputs.ts'
import { explainDenial, type Principal } from './keyring.ts'
import { Refusal } from './refusal.ts'
import type { Registry } from './registry.ts'

/** The world as one call sees it. */
export interface Scene {
  readonly caller: Principal
  readonly region: string
  /** An account's registry in the region of the call; one that nobody has used yet is empty. */
  readonly registry: (account: string) => Registry
  /** All registries of the region, which one password opens. */
  readonly neighbours: readonly Registry[]
  readonly pageSize: number
  /** Milliseconds since 1970. */
  readonly now: number
}

export type Operation = (body: unknown, scene: Scene) => object

/** An operation on a repository of the caller's account, or of the one named by `registryId`. */
export const onRepository =
  <T extends { registryId?: string | undefined; repositoryName: string }>(
    name: string,
    schema: z.ZodType<T>,
    perform: (input: T, registry: Registry, scene: Scene) => object,
  ): Operation =>
  (body, scene) => {
    const input = readInput(schema, body)
    const registry = scene.registry(input.registryId ?? scene.caller.account)
    permit(scene, `ecr:${name}`, registry.arnOf(input.repositoryName))
    return { registryId: registry.account, repositoryName: input.repositoryName, ...perform(input, registry, scene) }
  }

/** An operation on a repository that is named by its ARN. */
export const onResource =
  <T extends { resourceArn: string }>(
    name: string,
    schema: z.ZodType<T>,
    perform: (input: T, registry: Registry, repositoryName: string) => object,
  ): Operation =>
  (body, scene) => {
    const input = readInput(schema, body)
    const [, account, repositoryName] =
      /^arn:aws[a-z-]*:ecr:[a-z0-9-]+:(\d{12}):repository\/(.+)$/.exec(input.resourceArn) ?? []
    if (!account || !repositoryName) throw invalidParameter('resourceArn', 'Invalid ARN')
    permit(scene, `ecr:${name}`, input.resourceArn)
    return perform(input, scene.registry(account), repositoryName)
  }

/** Throws when the caller's policies do not allow it; another account's repositories would need policies of their own. */
export function permit({ caller }: Pick<Scene, 'caller'>, action: string, resource: string): void {
  const owner = resource.split(':')[4]
  const denial =
    resource === '*' || owner === caller.account
      ? explainDenial(caller, action, resource)
      : `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ` +
        `because no resource-based policy allows the ${action} action`
  if (denial) throw new Refusal('AccessDeniedException', denial)
}
