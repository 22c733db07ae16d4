import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { tryDocker } from '../../src/docker/docker.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pce-docker-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A docker that ends as one without plugins does (docker 20.10, 29). */
async function dockerThatSays(words: string, exitCode = 125) {
  await writeFile(join(folder, 'docker'), `#!/bin/sh\nprintf '%s\\n' "${words}" >&2\nexit ${exitCode}\n`)
  await chmod(join(folder, 'docker'), 0o755)
  return { env: { PATH: `${folder}:${process.env.PATH}` } }
}

it.each([
  ['compose', 'unknown flag: --project-name'],
  ['compose', "docker: 'compose' is not a docker command."],
  ['buildx', 'unknown flag: --print'],
  ['buildx', 'docker: unknown command: docker buildx'],
])('without the plugin %s it is named: %s', async (plugin, words) => {
  await expect(tryDocker('Do', [plugin, 'x'], await dockerThatSays(words))).rejects.toThrow(
    `docker has no plugin ${plugin} that works\nInstall the `,
  )
})

it.each([
  ['an older plugin', 'buildx', 'unknown flag: --var'],
  ['words of a build', 'buildx', 'ERROR: failed to solve: unknown flag'],
  ['another command', 'info', 'unknown flag: --print'],
])('%s is another matter', async (_, command, words) => {
  expect(await tryDocker('Do', [command], await dockerThatSays(words))).toMatchObject({ exitCode: 125 })
})
