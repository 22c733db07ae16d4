import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { parseEarthly, planEarthly } from '../../src/build/earthly.ts'
import { type Checkout, openCheckout } from './support/checkout.ts'
import { pathWith } from './support/machine.ts'
import { pce } from './support/pce.ts'

const secret = 's3cret of an Earthfile\n'

// Takes the one command line that it knows, and makes the image with docker as earthly would with its own daemon.
const standIn = `#!/bin/sh
set -eu
file=\${3#token=}
[ "$#" = 6 ] && [ "$1 $2 $4 $5 $6" = "--strict --secret-file --image +prod --VERSION=1.2 x" ] || { echo "unknown: $*" >&2; exit 9; }
[ "$(stat -c %a "$file")" = 600 ] && [ "$(wc -c < "$file")" = ${secret.length} ] || { echo "bad secret file" >&2; exit 8; }
docker build --quiet --tag acme/earth-of-the-test:1 - > /dev/null <<END
FROM debian:bookworm-slim
RUN echo earth > /which
USER 1000
END
echo ' Init | ————————————'
echo '  Image +prod output as acme/earth-of-the-test:1'
`

const config = (earthfile: string) => ({
  build: { earthfile, 'build-args': { VERSION: '1.2 x' }, secrets: ['token'] },
})

async function withEarthly(checkout: Checkout): Promise<string> {
  await checkout.write({ '../earthly/earthly': standIn })
  const folder = join(checkout.directory, '../earthly')
  await chmod(join(folder, 'earthly'), 0o755)
  return `${folder}:${process.env.PATH}`
}

describe('a target of an Earthfile', () => {
  it('is built by earthly, and staged by digest', async () => {
    await using checkout = await openCheckout('small', { config: config('+prod') })
    const PATH = await withEarthly(checkout)
    const ended = await pce(checkout, ['build', '--verbose'], { PATH, token: secret })
    expect(ended.exitCode).toBe(0)
    const [image] = ended.record?.images ?? []
    expect(image).toMatchObject({ name: 'web', target: '+prod', platform: 'linux/amd64' })
    const reference = `${image?.repository}@${image?.digest}`
    await execa('docker', ['pull', '--quiet', reference])
    expect((await execa('docker', ['run', '--rm', reference, 'cat', '/which'])).stdout).toBe('earth')
    await execa('docker', ['image', 'rm', '--force', reference, 'acme/earth-of-the-test:1'])
  }, 120_000)

  it('that fails says what earthly said', async () => {
    await using checkout = await openCheckout('small', { config: config('+prd') })
    const PATH = await withEarthly(checkout)
    const ended = await pce(checkout, ['build'], { PATH, token: secret })
    expect(ended.exitCode).toBe(1)
    const build = ended.record?.tasks.find(({ task }) => task === 'build:web')
    expect(build?.reason).toMatch(
      /^Build web: earthly ended with exit code 9 after [\d.]+ s\nunknown: --strict --secret-file token=\S+ --image \+prd --VERSION=1\.2 x$/,
    )
  }, 60_000)

  it('where there is no earthly, says what to do', async () => {
    await using checkout = await openCheckout('small', { config: config('+prod') })
    const PATH = await pathWith(checkout, ['docker', 'git', 'node', 'sh'])
    const ended = await pce(checkout, ['build'], { PATH, token: secret })
    expect(ended.exitCode).toBe(2)
    expect(ended.record?.tasks.find(({ task }) => task === 'build:web')?.fault).toEqual({
      kind: 'user',
      message:
        'build.earthfile: there is no program earthly on PATH\nIts makers have stopped (July 2025), so nothing installs it by itself: put its last release, v0.8.16, on PATH, or build the same from a Dockerfile (build.file, build.target).',
    })
  }, 60_000)
})

describe('earthly', () => {
  const build = { context: '.', 'build-args': {}, secrets: [], labels: {} }
  it('is asked for one image, and pushes nothing', () => {
    expect(planEarthly({ config: build, earthfile: '+prod', platform: 'native' }, new Map())).toEqual([
      ...['earthly', '--strict', '--image', '+prod'],
    ])
    const more = { ...build, context: 'apps/web', 'build-args': { A: 'b c', E: '' }, 'no-cache': true as const }
    const files = new Map([['npm', '/run/npm']])
    expect(planEarthly({ config: more, earthfile: '+prod', platform: 'linux/arm64' }, files)).toEqual([
      ...['earthly', '--strict', '--platform', 'linux/arm64', '--secret-file', 'npm=/run/npm', '--no-cache'],
      ...['--image', './apps/web+prod', '--A=b c', '--E='],
    ])
  })

  it.each([
    ['Image +prod output as acme/web:latest', 'acme/web:latest'],
    ['  Image ./apps/web+prod output as web:1 \n', 'web:1'],
    ['Image +a output as a:1\nImage +b output as b:1', 'b:1'],
    ['Artifact +prod/x output as x', undefined],
    ['', undefined],
  ])('told %j, the image is %s', (text, image) => {
    expect(parseEarthly(text)).toBe(image)
  })
})
