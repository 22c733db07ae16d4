import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { stepsOf } from '../../src/record/steps.ts'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { type Bench, onGitHub, openBench } from './support/bench.ts'
import { openDockerConfig } from './support/docker-config.ts'

let bench: Bench
let ecr: Ecr
let login: Awaited<ReturnType<typeof openDockerConfig>>
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/cache'] })
  login = await openDockerConfig(ecr)
  bench = await openBench()
}, 180_000)
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  await login[Symbol.asyncDispose]()
  await ecr[Symbol.asyncDispose]()
}, 60_000)
beforeEach(() => bench.forget(), 30_000)

const doneIn = ({ vertices = [] }: Awaited<ReturnType<Bench['build']>>): number =>
  stepsOf(vertices).filter(({ cached }) => !cached).length
const config = () => ({ type: 'registry', ref: `${ecr.host}/acme/cache` })
const main = () => ({ ...onGitHub, DOCKER_CONFIG: login.folder })

it('a fresh builder with nothing but a cache in ECR does no step', async () => {
  expect(doneIn(await bench.build(main(), config()))).toBe(5)
  expect((await bench.write(main(), config())).value).toEqual({ exported: true })
  expect(await ecr.tags('acme/cache')).toEqual(['buildcache-web-default-linux-amd64-main'])
  await bench.forget()
  expect(doneIn(await bench.build(main(), config()))).toBe(0)
}, 180_000)

it('a registry that says nothing is not waited for', async () => {
  using _ = ecr.fault({ path: /./, answer: 'hang', times: 999 })
  const { value, cache } = await bench.build(main(), config())
  expect(value).toBeDefined()
  expect(cache?.notices).toEqual([`nothing was read from http://${ecr.host}: it did not answer within 10 s`])
}, 120_000)

it.each([
  ['refuses to write', { method: 'POST', path: /uploads/, answer: 500 as const, times: 999 }],
  ['is silent when it is written to', { path: /uploads/, answer: 'hang' as const, times: 999 }],
])(
  'a registry that %s is a notice',
  async (_, fault) => {
    await bench.build(main(), config())
    using __ = ecr.fault(fault)
    const { value, reason } = await bench.write(main(), {
      ...config(),
      ref: `${ecr.host}/acme/cache:other`,
      timeout: '8 s',
    })
    expect([value, reason]).toEqual([{ exported: false }, expect.stringMatching(/^cache not written: /)])
  },
  120_000,
)

it('no step is done a second time so that it can be kept', async () => {
  const dockerfile = 'FROM debian:bookworm-slim\nCOPY . /src\nRUN sleep 5; echo done > /end\n'
  await writeFile(join(bench.directory, 'Dockerfile'), dockerfile)
  await bench.build(main(), config())
  await writeFile(join(bench.directory, 'report.xml'), 'of a later step, in a folder that is no checkout')
  const { value, reason } = await bench.write(main(), { ...config(), ref: `${ecr.host}/acme/cache:again` })
  expect([value, reason]).toEqual([
    { exported: false },
    'cache not written: [3/3] RUN sleep 5; echo done > /end would be done again: files of the context, or the base image, changed since the build. Name in .dockerignore what later steps write there.',
  ])
}, 120_000)
