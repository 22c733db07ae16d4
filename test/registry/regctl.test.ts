import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { copyImage, openRegctl, type Regctl, tagDigest } from '../../src/registry/regctl.ts'
import type { Scope } from '../../src/task/scope.ts'
import { type Backing, openBacking } from '../support/ecr/backing.ts'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { rawClient } from '../support/ecr/raw.ts'

jest.setTimeout(120_000)

let staging: Backing
let ecr: Ecr
let folder: string
let from: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pce-regctl-'))
  staging = await openBacking()
  ecr = await openEcr({ repositories: ['acme/web'] })
  const { host } = new URL(staging.origin)
  await rawClient(host, '').image('acme/web', 'staged', 'a layer')
  from = `${host}/acme/web:staged`
  const auth = Buffer.from(`AWS:${ecr.token}`).toString('base64')
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [ecr.host]: { auth } } }))
}, 60_000)
afterAll(async () => {
  await ecr?.[Symbol.asyncDispose]()
  await staging?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** regctl as a push has it, and what people are told. */
async function open(login = folder): Promise<{ regctl: Regctl; said: string[] }> {
  const said: string[] = []
  const scope = {
    run: { id: '0a1b2c3d', directory: folder },
    env: { PATH: process.env.PATH, HOME: folder },
    signal: new AbortController().signal,
    say: (line: string) => said.push(line),
  }
  const options = { staging: from, login: { folder: login, registries: [ecr.host] }, silence: 2_000 }
  return { regctl: await openRegctl(options, scope as unknown as Scope), said }
}

describe('a push to a registry that fails', () => {
  it('for a moment goes on, and says why it took longer', async () => {
    const { regctl, said } = await open()
    const to = `${ecr.host}/acme/web:hung`
    using _ = ecr.fault({ method: 'PUT', path: /\/manifests\/hung/, answer: 'hang' })
    await copyImage(from, to, regctl)
    expect(said).toEqual([expect.stringMatching(/^Push \S+\/acme\/web:hung: silent; again in \d\.\d s$/)])
    expect(await tagDigest(to, regctl)).toBe((await ecr.manifest('acme/web', 'hung')).digest)
  })

  it('with an answer that says nothing for ever is given up soon', async () => {
    const { regctl, said } = await open()
    const to = `${ecr.host}/acme/web:never`
    using _ = ecr.fault({ method: 'PUT', path: /\/manifests\/never/, times: 100, answer: 'hang' })
    await expect(copyImage(from, to, regctl)).rejects.toThrow(
      new RegExp(
        `^Push ${to}: regctl ended with signal SIGTERM after \\d\\.\\d s\nPush ${to}: regctl moved no byte for 2 s\nSee that the registry is reachable, then run again: what is there already is not sent twice\\.$`,
      ),
    )
    expect(said).toHaveLength(1)
    expect(await ecr.tags('acme/web')).not.toContain('never')
  })

  it('by its rules is asked once', async () => {
    const { regctl, said } = await open(tmpdir())
    await expect(copyImage(from, `${ecr.host}/acme/web:refused`, regctl)).rejects.toThrow(
      /Log in to the registry: username and password, or docker login\.$/,
    )
    expect(said).toEqual([])
  })
})
