import { join, parse } from 'node:path'
import type { Image } from '../record/image.ts'
import { attributesOf, fieldOf } from '../schema/csv.ts'
import type { Scope } from '../task/scope.ts'
import { type Result, type Task, task } from '../task/task.ts'
import type { Builder } from './builder.ts'
import { isRemote } from './config.ts'
import { resolveContexts } from './context.ts'
import { openNormalContexts } from './normal-context.ts'
import { dockerfileOf } from './options.ts'
import { type BuildRequest, planOutputs } from './plan.ts'
import { openSecrets } from './secrets.ts'
import { solve } from './solve.ts'
import { lockedEnv } from './source-policy.ts'

/**
 * Pure: the outputs of one of several platforms, each in a place of its own: `out/linux_arm64` for a folder, as buildx has
 * it, and `image-linux_arm64.tar` for a file.
 */
export const besideOthers = (outputs: readonly string[], platform: string): string[] =>
  outputs.map(output => {
    const attributes = attributesOf(output)
    if (attributes?.dest === undefined) return output
    const dest = placeBeside(attributes.dest, platform.replaceAll('/', '_'), attributes.type === 'local')
    return Object.entries({ ...attributes, dest })
      .map(([name, value]) => fieldOf(`${name}=${value}`))
      .join(',')
  })

/**
 * Pure: outputs that are images, under the image's own names where they give none, as buildx does it with `--tag`: what
 * `docker load` takes from an archive without a name has none.
 */
export const named = (outputs: readonly string[], references: readonly string[]): string[] =>
  outputs.map(output => {
    const { type, name } = attributesOf(output) ?? {}
    const isImage = type === 'docker' || type === 'oci'
    return isImage && name === undefined ? `${output},${fieldOf(`name=${references.join(',')}`)}` : output
  })

function placeBeside(dest: string, platform: string, isFolder: boolean): string {
  if (isFolder) return join(dest, platform)
  const { dir, name, ext } = parse(dest)
  return join(dir, `${name}-${platform}${ext}`)
}

interface Exported {
  readonly build: BuildRequest
  /** names of the image in archives */
  readonly references: readonly string[]
}

/**
 * Writes the further outputs of a build, on this machine. It is a solve of its own behind the one that staged the image,
 * whose steps are in the builder by then: what ships does not depend on it.
 */
export const exportTask = (
  id: string,
  exported: Exported,
  needs: { readonly builder: Task<Builder>; readonly image: Task<Image> },
): Task<readonly string[]> =>
  task({
    id,
    // Not the names: they depend on the branch, and a plan does not.
    request: { outputs: exported.build.config.outputs ?? [] },
    needs: { ...needs },
    estimate: 10_000,
    deadline: 3_600_000,
    perform: ({ builder }, scope) => writeOutputs(exported, builder.name, scope),
  })

async function writeOutputs(
  { build, references }: Exported,
  builder: string,
  scope: Scope,
): Promise<Result<readonly string[]>> {
  await using contexts = await openNormalContexts(await resolveContexts(build.config, scope), scope)
  const { config, env } = await openSecrets(contexts.config, scope)
  const { outputs = [] } = config
  const argv = planOutputs({ ...build, config: { ...config, outputs: named(outputs, references) } }, builder)
  const given = { ...scope.env, ...env, ...(await lockedEnv(scope)) }
  const program = { title: 'Write outputs', argv, cwd: scope.context, env: given }
  const dockerfile = isRemote(build.config.context) ? undefined : dockerfileOf(build.config)
  const { failure, ...evidence } = await solve(program, { dockerfile, scope })
  if (failure !== undefined) return { ...failure, ...evidence }
  for (const output of outputs) scope.say(`Wrote ${output}`)
  return { value: outputs, vertices: evidence.vertices }
}
