import type { Scope } from '../task/scope.ts'
import { type BakeTarget, secretsOf } from './bake.ts'
import type { BakePlan } from './bake-plan.ts'
import { type Build, layoutsOf, placeOf, type Where } from './build.ts'
import type { BuildConfig } from './config.ts'
import { pathsIn, refuseProcesses } from './processes.ts'
import { openSecrets } from './secrets.ts'
import { lockedEnv } from './source-policy.ts'

/** Targets of bake files that are solved together for one platform. */
export interface BakeRequest {
  readonly targets: Readonly<Record<string, BakeTarget>>
  readonly builds: readonly [Build, ...Build[]]
  readonly platform: string
  readonly allow: BuildConfig['allow']
}

interface Open {
  readonly plan: Omit<BakePlan, 'cacheFrom'>
  /** the environment that hands the secrets to buildx */
  readonly env: Readonly<Record<string, string>>
  /** secrets by target and id */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, Buffer>>
}

interface Around {
  readonly where: Where
  /** what of ours it reads and writes, besides layouts */
  readonly folders: readonly string[]
}

/** Makes a bake ready: its secrets, its outputs, and what it may read and write. @throws UserError */
export async function openBake(request: BakeRequest, { where, folders }: Around, scope: Scope): Promise<Open> {
  const opened = await Promise.all(
    Object.entries(request.targets).map(async ([name, target]) => {
      await refuseProcesses(pathsIn({ context: target.context, 'build-contexts': target.contexts }), scope.context)
      const build = request.builds.find(one => one.target === name)
      const secrets = build?.config ?? secretsOf(target, name, { secrets: [] })
      return [name, await openSecrets({ ...secrets, context: '.', ssh: [] }, scope, name)] as const
    }),
  )
  return {
    plan: {
      ...request,
      builds: request.builds.map(build => ({
        target: build.target ?? '',
        output: placeOf(build, where, scope).output,
        labels: build.labels,
        annotations: build.annotations,
      })),
      fresh: freshFlags(request.builds),
      ours: [
        ...(where.builder.stages === 'layout' ? [`fs.write=${layoutsOf(scope.run)}`] : []),
        ...folders.map(folder => `fs=${folder}`),
      ],
      secrets: Object.fromEntries(opened.map(([name, { config }]) => [name, config])),
    },
    env: Object.assign({}, ...opened.map(([, { env }]) => env), await lockedEnv(scope)),
    values: new Map(opened.map(([name, { values }]) => [name, values])),
  }
}

const freshFlags = (builds: readonly Build[]): readonly string[] => [
  ...(builds.some(({ config }) => config['no-cache'] === true) ? ['--no-cache'] : []),
  ...(builds.some(({ config }) => config.pull === true) ? ['--pull'] : []),
]
