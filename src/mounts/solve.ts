import type { CacheMount } from './find.ts'
import type { Seed } from './transport.ts'

/**
 * What runs beside a cache mount, in an image of the build itself: nothing but sh and tar (or cp, without tar) is
 * asked of it. Each call says one line about its mount: `pce-mount INDEX STATE`. A mount that holds something is left
 * as it is; one that could be filled only in part is emptied.
 */
export const script = `set -u
mount=/pce/mount
is_empty() { [ -z "$(ls -A $mount)" ]; }
empty() { cd $mount && rm -rf -- * .[!.]* ..?*; }
has() { command -v "$1" >/dev/null 2>&1; }
say() { echo "pce-mount $index $*"; }
restore() {
  if ! is_empty; then say kept
  elif [ -f /pce/seed/files.tar ]; then
    if tar -xpf /pce/seed/files.tar -C $mount; then say restored; else empty; say failed; fi
  elif cp -a /pce/seed/files/. $mount/; then say restored
  else empty; say failed
  fi
}
pack() {
  sparse=
  if tar --version 2>/dev/null | grep -q GNU; then sparse=--sparse; fi
  tar --numeric-owner $sparse -cf /pce-files/files.tar -C $mount . || [ $? = 1 ]
}
save() {
  if is_empty; then say empty; return; fi
  set -- "$1" $(du -sk $mount)
  if [ "\${2:-0}" -gt "$1" ]; then say large "$2"; return; fi
  if has tar; then pack; else cp -a $mount /pce-files/files; fi && say saved && return
  rm -rf /pce-files/* && say failed
}
index=$2
mkdir /pce-files
case $1 in restore) restore ;; save) save "$3" ;; esac
`

export interface Restoration {
  readonly mount: CacheMount
  /** the image whose only layer has its files */
  readonly seed: Seed
}

/** A helper's solve: its Dockerfile, and the build arguments that hold whatever is not ours, so that it is no syntax. */
export interface Helper {
  readonly dockerfile: string
  readonly buildArgs: Readonly<Record<string, string>>
  /** build contexts besides the script: `name=oci-layout://…` */
  readonly contexts: readonly string[]
}

/** Pure: fills mounts, each from its seed, side by side. `turn` is new for each call: none is taken from a cache. */
export function planRestore(restorations: readonly Restoration[], image: string, turn: string): Helper {
  const stages = restorations.flatMap(({ mount }, index) => [
    `FROM $PCE_SEED_${index} AS seed${index}`,
    ...stageOf(
      mount,
      index,
      [`restore`, String(index), turn],
      [`--mount=type=bind,from=seed${index},target=/pce/seed`],
    ),
  ])
  const seeds = Object.fromEntries(restorations.map(({ seed }, index) => [`PCE_SEED_${index}`, seed.image]))
  const mounts = restorations.map(({ mount }) => mount)
  const contexts = restorations.flatMap(({ seed }) => seed.context ?? [])
  return helperOf(mounts, { stages, args: { ...seeds, PCE_IMAGE: image }, contexts })
}

/** Pure: reads mounts, each into a layer of its own, in their order. `limit` in bytes. */
export function planSave(
  mounts: readonly CacheMount[],
  image: string,
  { turn, limit }: { turn: string; limit: number },
) {
  const stages = mounts.flatMap((mount, index) =>
    stageOf(mount, index, ['save', String(index), String(Math.ceil(limit / 1024)), turn]),
  )
  return helperOf(mounts, { stages, args: { PCE_IMAGE: image }, contexts: [] })
}

interface Parts extends Pick<Helper, 'contexts'> {
  readonly stages: readonly string[]
  readonly args: Readonly<Record<string, string>>
}

function helperOf(mounts: readonly CacheMount[], { stages, args, contexts }: Parts): Helper {
  const ids = Object.fromEntries(mounts.map(({ id }, index) => [`PCE_ID_${index}`, id]))
  const lines = [
    ...Object.keys(args).map(name => `ARG ${name}`),
    ...stages,
    'FROM scratch',
    ...mounts.map((_, index) => `COPY --link --from=mount${index} /pce-files/ /`),
  ]
  return { dockerfile: `${lines.join('\n')}\n`, buildArgs: { ...args, ...ids }, contexts }
}

/** The platform of the builder, whatever the image is for: a mount is the same for all of them, and nothing is emulated. */
const stageOf = ({ owner }: CacheMount, index: number, argv: readonly string[], more: readonly string[] = []) => [
  `FROM --platform=$BUILDPLATFORM $PCE_IMAGE AS mount${index}`,
  `ARG PCE_ID_${index}`,
  'USER 0',
  [
    'RUN --network=none',
    `--mount=type=cache,id=$PCE_ID_${index},target=/pce/mount,sharing=locked${owner === '' ? '' : `,${owner}`}`,
    '--mount=type=bind,source=mounts.sh,target=/pce/mounts.sh',
    ...more,
    JSON.stringify(['/bin/sh', '/pce/mounts.sh', ...argv]),
  ].join(' '),
]

export type State = 'restored' | 'kept' | 'saved' | 'empty' | 'large' | 'failed'

/** What the script said about each mount, by its index. `--progress=plain` puts step and time before its lines. */
export function readStates(output: string): ReadonlyMap<number, { state: State; detail: string }> {
  const said = output.matchAll(/^#\d+ [\d.]+ pce-mount (\d+) (restored|kept|saved|empty|large|failed) ?(.*)$/gm)
  return new Map([...said].map(([, index, state, detail = '']) => [Number(index), { state: state as State, detail }]))
}
