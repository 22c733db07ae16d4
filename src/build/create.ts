import { dirname } from 'node:path'
import { markOf, type OpenRun, projectOf } from '../run/run.ts'
import type { BuilderConfig, NodeConfig } from './builder-config.ts'
import { csvOf, optionsIn } from './csv.ts'

/** Files of TLS, as absolute paths. */
export interface Tls {
  readonly cacert?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly servername?: string | undefined
}

export interface Creation {
  readonly driver: 'docker-container' | 'remote' | 'kubernetes'
  readonly config: BuilderConfig
  /** entitlements that builds ask for: a daemon has to allow them first */
  readonly allow: readonly string[]
  /** image of BuildKit; undefined for the driver's own choice */
  readonly image: string | undefined
  /** file with the configuration of the daemon */
  readonly daemonFile: string | undefined
  /** of the first node and of each further one */
  readonly tls: readonly Tls[]
}

interface Node extends Pick<NodeConfig, 'driver-opts' | 'platforms'> {
  readonly name?: string | undefined
  readonly endpoint?: string | undefined
}

/** The nodes of a builder, the first one included. */
export const nodesOf = (config: BuilderConfig): readonly Node[] => [
  { 'driver-opts': config['driver-opts'], platforms: [], endpoint: config.endpoint },
  ...config.append,
]

/** Pure: argv, without `docker`, for each node of the builder; the last one boots them all. */
export const planCreate = (creation: Creation, run: OpenRun): readonly (readonly string[])[] =>
  nodesOf(creation.config).map((node, index, all) => [
    'buildx',
    'create',
    '--name',
    projectOf(run.id),
    ...(index === 0 ? [] : ['--append']),
    ...(node.name === undefined ? [] : ['--node', node.name]),
    '--driver',
    creation.driver,
    ...node.platforms.flatMap(platform => ['--platform', platform]),
    ...driverOptionsOf(creation, { node, index, run }).flatMap(option => ['--driver-opt', option]),
    ...daemonOptionsOf(creation),
    ...(index === all.length - 1 ? ['--bootstrap'] : []),
    ...(node.endpoint === undefined ? [] : [node.endpoint]),
  ])

/** Each option is one record of CSV: the user's are as they were given, since buildx's own syntax is theirs. */
function driverOptionsOf(
  { driver, image, tls }: Creation,
  { node, index, run }: { node: Node; index: number; run: OpenRun },
): readonly string[] {
  const given = optionsIn(node['driver-opts'])
  const own = {
    'docker-container': [...(given.network === undefined ? ['network=host'] : []), ...marksOf(run)],
    remote: Object.entries(tls[index] ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [csvOf([`${name}=${value}`])],
    ),
    kubernetes: [],
  }
  const other = index > 0 && given.image !== undefined ? undefined : image
  return [
    ...(other === undefined || given.image !== undefined ? [] : [`image=${other}`]),
    ...own[driver],
    ...node['driver-opts'],
    // The last one of a name counts.
    ...(other === undefined || given.image === undefined || given.image === other ? [] : [`image=${other}`]),
  ]
}

/** A builder's container can carry no label; these name its run. */
const marksOf = ({ id, directory }: OpenRun): readonly string[] => [
  `env.PCE_RUN=${id}`,
  `env.PCE_BASE=${markOf(dirname(directory))}`,
]

function daemonOptionsOf({ driver, config, allow, daemonFile }: Creation): readonly string[] {
  const rights = driver === 'remote' ? [] : allow.map(right => `--allow-insecure-entitlement ${right}`)
  const flags = config['buildkitd-flags'] ?? rights.join(' ')
  return [
    ...(flags === '' ? [] : ['--buildkitd-flags', flags]),
    ...(daemonFile === undefined ? [] : ['--buildkitd-config', daemonFile]),
  ]
}
