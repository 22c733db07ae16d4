import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { whySilentBySsh } from '../../src/build/ssh.ts'
import { classicEngine } from '../support/engines.ts'
import { type Buildkitd, openBuildkitd } from './support/buildkitd.ts'
import { openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { pce } from './support/pce.ts'
import { hasSshd, openSshd, type Sshd } from './support/sshd.ts'

const ssh = hasSshd ? describe : describe.skip
const classic = await classicEngine()

ssh('a builder behind ssh', () => {
  let buildkitd: Buildkitd
  let sshd: Sshd
  let silent: Server
  beforeAll(async () => {
    buildkitd = await openBuildkitd()
    sshd = await openSshd({ buildctl: `exec docker exec --interactive ${buildkitd.name} buildctl "$@"` })
    silent = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => silent.once('listening', resolve))
  }, 60_000)
  afterAll(async () => {
    silent.close()
    await sshd[Symbol.asyncDispose]()
    await buildkitd[Symbol.asyncDispose]()
  })

  const endpointOf = () => `ssh://${sshd.host}${buildkitd.socket.slice('unix://'.length)}`
  const remote = (endpoint = endpointOf()) => ({ config: { builder: { driver: 'remote', endpoint } } })

  it.each(['key', 'agent'] as const)(
    'is reached with a key (%s), and gives the image back by its session',
    async manner => {
      await using checkout = await openCheckout('small', remote())
      const ended = await pce(checkout, ['run', '--verbose'], await sshd.client(manner))
      expect([ended.exitCode, ended.stderr]).toEqual([0, expect.stringContaining(`Builder: remote on ${endpointOf()}`)])
      const builder = ended.record?.tasks.find(({ task }) => task === 'builder')
      expect(builder?.value).toMatchObject({ driver: 'remote', stages: 'layout' })
      expect(await leftovers(ended)).toEqual([])
    },
    60_000,
  )

  const node = classic === undefined ? it.skip : it
  node(
    'may be a container of the engine there',
    async () => {
      const image = process.env.PCE_BUILDKIT_IMAGE ?? 'moby/buildkit:buildx-stable-1'
      await using checkout = await openCheckout('small', {
        config: { builder: { driver: 'docker-container', endpoint: `ssh://${sshd.host}`, image } },
      })
      const ended = await pce(checkout, ['run'], { ...classic, ...(await sshd.client()) })
      expect(ended).toMatchObject({ exitCode: 0 })
      expect(await leftovers(ended)).toEqual([])
    },
    60_000,
  )

  const faults: readonly [string, () => string, Parameters<Sshd['client']>[0], RegExp, string][] = [
    [
      'does not take the key',
      endpointOf,
      'stranger',
      /can't be talked to: .*Permission denied \(publickey\)/,
      'is in ~/.ssh/authorized_keys of that user on 127.0.0.1.',
    ],
    [
      'is not known',
      endpointOf,
      'unknown host',
      /can't be talked to: Host key verification failed/,
      'put it into ~/.ssh/known_hosts: ssh-keyscan -p ',
    ],
    [
      'is down',
      () => 'ssh://ci@127.0.0.1:1/run/b.sock',
      'key',
      /can't be talked to: .*Connection refused/,
      'See that `ssh -l ci -p 1 -- 127.0.0.1 buildctl --addr unix:///run/b.sock dial-stdio` works from here',
    ],
    [
      'has no BuildKit',
      () => `ssh://${sshd.host}/no/such.sock`,
      'key',
      /can't be talked to: .*\/no\/such\.sock/,
      'See that its daemon runs on 127.0.0.1, and listens on /no/such.sock.',
    ],
  ]
  it.each(faults)(
    'that %s is an error that says what to do',
    async (_, endpoint, manner, says, advice) => {
      await using checkout = await openCheckout('small', remote(endpoint()))
      const ended = await pce(checkout, ['build'], await sshd.client(manner))
      expect([ended.exitCode, ended.stderr]).toEqual([3, expect.stringMatching(says)])
      expect(ended.stderr).toContain(advice)
    },
    60_000,
  )

  it('that says nothing is not waited for', async () => {
    const endpoint = `ssh://ci@127.0.0.1:${Object(silent.address()).port}`
    const around = { env: await sshd.client(), signal: new AbortController().signal, patience: 1000 }
    expect(await whySilentBySsh(endpoint, 'buildkitd', around)).toBe('no answer within 1 s')
  })
})
