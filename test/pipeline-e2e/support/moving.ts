import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { openBacking } from '../../support/ecr/backing.ts'

/** A registry with an image for each thing that a build stands on, whose tags can be moved. */
export interface Moving extends AsyncDisposable {
  /** `127.0.0.1:port`, without passwords */
  readonly host: string
  /** what a tag points at: `base:1` */
  digest(tag: string): Promise<string>
  /** gives the tag another image: the same one with a label */
  move(tag: string): Promise<void>
}

// Comes with setup, and is no program of a package.
const program: string = 'regctl'
const buildkit = process.env.PCE_BUILDKIT_IMAGE ?? 'moby/buildkit:buildx-stable-1'
/** Where a host without Docker Hub has its images. */
const hub = buildkit.replace(/moby\/buildkit.*$/, '')
const images = {
  base: `${hub}${hub === '' ? '' : 'library/'}debian:bookworm-slim`,
  frontend: `${hub}docker/dockerfile:1`,
  buildkit,
}

/** Opens it with `base:1`, `frontend:1` and `buildkit:1`. */
export async function openMoving(): Promise<Moving> {
  await using opened = new AsyncDisposableStack()
  const { origin } = opened.use(await openBacking())
  const host = new URL(origin).host
  const folder = await mkdtemp(join(tmpdir(), 'pce-moving-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const config = join(folder, 'regctl.json')
  const plain = [host, ...(hub === '' ? [] : [hub.replace(/\/$/, '')])]
  const hosts = Object.fromEntries(plain.map(one => [one, { tls: 'disabled', hostname: one }]))
  await writeFile(config, JSON.stringify({ hosts }))
  const regctl = async (...argv: readonly string[]): Promise<string> =>
    (await execa(program, argv, { env: { REGCTL_CONFIG: config } })).stdout
  for (const [name, image] of Object.entries(images))
    await regctl('image', 'copy', '--platform', 'local', image, `${host}/${name}:1`)
  const kept = opened.move()
  return {
    host,
    digest: tag => regctl('image', 'digest', `${host}/${tag}`),
    move: async tag => void (await regctl('image', 'mod', '--label', 'moved=yes', '--replace', `${host}/${tag}`)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
