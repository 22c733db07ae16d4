import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { openPlace, openRegistry, type Registry, runOnce } from './world.ts'

let registry: Registry
beforeAll(async () => {
  registry = await openRegistry()
}, 60_000)
afterAll(async () => registry[Symbol.asyncDispose](), 60_000)

const look = "stat --printf '%n %F %a %u:%g %Y\\n'"

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The first run makes files of every kind, the second says what it found. */
const Dockerfile = `FROM debian:bookworm-slim AS base
USER 1000
FROM base AS make
ARG TURN
RUN --mount=type=cache,target=/home/me/.cache,uid=1000,gid=1000,mode=0700 \\
    --mount=type=cache,id=shared,target=/shared,sharing=locked,uid=1000 <<EOF
  set -eu
  cd /home/me/.cache
  if [ "$TURN" = 2 ]; then
    ${look} . 'a file' dir dir/deep link hard tool big sparse /shared/one
    readlink link; cat dir/deep/file; sha256sum big sparse; [ 'a file' -ef hard ] && echo one file
    [ "$(du -k sparse | cut -f1)" -lt 1000 ] && echo sparse
    exit
  fi
  echo 1 >'a file'; mkdir -p dir/deep; echo deep >dir/deep/file; chmod 0750 dir
  ln -s 'dir/deep/../nowhere' link; ln 'a file' hard; echo x >tool; chmod 4755 tool
  head -c 40000000 /dev/zero | tr '\\0' x >big; truncate --size 100M sparse; echo end >>sparse
  touch -d @1000000000 'a file' dir dir/deep; touch -h -d @1000000001 link; touch -d @1000000002 . tool big sparse
  echo one >/shared/one; touch -d @1000000003 /shared/one
EOF
USER 0
FROM debian:bookworm-slim
COPY --from=make /etc/hostname /made
ARG TURN
RUN --mount=type=cache,id=root,target=/m [ $TURN = 2 ] && ${look} /m/* || { touch -d @1000000004 /m/of-root /m/of-other; chown 123:456 /m/of-other; }
RUN --mount=type=cache,id=shared,target=/elsewhere,sharing=private,uid=1000 cat /elsewhere/one || :
`

it('owners, modes, times, links and holes are as they were', async () => {
  await using place = await openPlace({ Dockerfile })
  const first = await runOnce(place, registry, { args: { TURN: '1' } })
  expect(first.kept.toSorted()).toEqual(['/home/me/.cache uid=1000,gid=1000,mode=0700', 'root', 'shared uid=1000'])
  const { printed, restored, lines } = await runOnce(place, registry, { args: { TURN: '2' } })
  expect(restored.filled.toSorted()).toEqual(first.kept.toSorted())
  expect(printed.toSorted()).toEqual(
    [
      '. directory 700 1000:1000 1000000002',
      'a file regular file 644 1000:0 1000000000',
      'dir directory 750 1000:0 1000000000',
      'dir/deep directory 755 1000:0 1000000000',
      'link symbolic link 777 1000:0 1000000001',
      'hard regular file 644 1000:0 1000000000',
      'tool regular file 4755 1000:0 1000000002',
      'big regular file 644 1000:0 1000000002',
      'sparse regular file 644 1000:0 1000000002',
      '/shared/one regular file 644 1000:0 1000000003',
      'dir/deep/../nowhere',
      'deep',
      `${sha256('x'.repeat(40_000_000))}  big`,
      `${sha256(`${'\0'.repeat(100 * 2 ** 20)}end\n`)}  sparse`,
      'one file',
      'sparse',
      '/m/of-other regular empty file 644 123:456 1000000004',
      '/m/of-root regular empty file 644 0:0 1000000004',
      'one',
    ].toSorted(),
  )
  expect(lines.filter(line => !/restored in/.test(line))).toEqual([])
}, 300_000)

it('each platform of a build has its own where the id says so, and shares the others', async () => {
  await using place = await openPlace({
    Dockerfile: `FROM --platform=$BUILDPLATFORM debian:bookworm-slim
ARG TURN TARGETARCH
RUN --mount=type=cache,id=of-$TARGETARCH,target=/m --mount=type=cache,target=/all,sharing=locked,uid=7,mode=0770 \\
  cat /m/notes /all/notes; echo $TURN $TARGETARCH | tee -a /m/notes >>/all/notes`,
  })
  const platforms = ['linux/amd64', 'linux/arm64']
  const first = await runOnce(place, registry, { platforms, args: { TURN: '1' } })
  expect(first.kept).toEqual(['of-amd64', '/all uid=7,mode=0770', 'of-arm64'])
  const second = await runOnce(place, registry, { platforms, args: { TURN: '2' } })
  const [amd64, arm64, next] = ['1 amd64', '1 arm64', '2 amd64']
  expect(second.printed).toEqual([amd64, amd64, arm64, arm64, amd64, arm64, next])
  expect(second.restored.mounts.map(({ key }) => key.replace(/-[0-9a-f]{8}-[0-9a-f]{16}$/, ''))).toEqual([
    'pce-mounts-1-linux-amd64-of-amd64',
    'pce-mounts-1-linux-amd64+linux-arm64-all-uid-7-mode-0770',
    'pce-mounts-1-linux-arm64-of-arm64',
  ])
}, 300_000)
