import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'

/** A BuildKit daemon of our own: a container in the host's network, so that it reaches staging as a local one does. */
export interface Buildkitd extends AsyncDisposable {
  /** of its container */
  readonly name: string
  /** `unix:///…` */
  readonly socket: string
  /** with mutual TLS */
  readonly port: number
  /** an authority, a certificate and key that it trusts, and another authority's certificate */
  readonly tls: { readonly cacert: string; readonly cert: string; readonly key: string; readonly stranger: string }
  stop(): Promise<void>
}

const image = process.env.PCE_BUILDKIT_IMAGE ?? 'moby/buildkit:buildx-stable-1'

export async function openBuildkitd(): Promise<Buildkitd> {
  const folder = await mkdtemp(join(tmpdir(), 'pce-buildkitd-'))
  const [name, port] = [`pce-test-buildkitd-${randomBytes(4).toString('hex')}`, await freePort()]
  const tls = await makeCertificates(join(folder, 'tls'))
  // What a host without Docker Hub has instead.
  const settings = join(process.env.BUILDX_CONFIG ?? '', 'buildkitd.default.toml')
  const config = existsSync(settings) ? settings : join(folder, 'buildkitd.toml')
  if (config !== settings) await writeFile(config, '')
  const run = ['run', '--detach', '--rm', '--privileged', '--network', 'host', '--name', name]
  const mounts = ['--volume', `${folder}:${folder}`, '--volume', `${config}:/etc/buildkit/buildkitd.toml:ro`]
  const addresses = ['--addr', `unix://${folder}/buildkitd.sock`, '--addr', `tcp://0.0.0.0:${port}`]
  const server = ['--tlscacert', tls.cacert, '--tlscert', tls.serverCert, '--tlskey', tls.serverKey]
  await execa('docker', [...run, ...mounts, image, ...addresses, ...server])
  const stop = async (): Promise<void> => void (await execa('docker', ['rm', '--force', '--volumes', name]))
  const isUp = async (): Promise<boolean> => existsSync(join(folder, 'buildkitd.sock'))
  for (let tries = 0; tries < 100 && !(await isUp()); tries += 1) await new Promise(resolve => setTimeout(resolve, 100))
  return {
    name,
    socket: `unix://${folder}/buildkitd.sock`,
    port,
    tls,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** An address of this host that is not the loopback's: a builder there is as good as on another one. */
export const hostAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flat()
    .find(one => one?.family === 'IPv4' && !one.internal)?.address

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '0.0.0.0')
  await new Promise(resolve => server.once('listening', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function makeCertificates(folder: string) {
  await mkdir(folder, { recursive: true })
  const file = (name: string): string => join(folder, `${name}.pem`)
  const hosts = ['IP:127.0.0.1', 'DNS:builder.test', ...(hostAddress() === undefined ? [] : [`IP:${hostAddress()}`])]
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  const authority = async (name: string): Promise<void> => {
    const out = ['-keyout', file(`${name}-key`), '-out', file(name)]
    await execa('openssl', ['req', '-x509', ...fresh, '-subj', `/CN=${name}`, ...out])
  }
  const certificate = async (name: string): Promise<void> => {
    const signed = ['-CA', file('ca'), '-CAkey', file('ca-key'), '-addext', `subjectAltName=${hosts.join(',')}`]
    const out = ['-keyout', file(`${name}-key`), '-out', file(name)]
    await execa('openssl', ['req', '-x509', ...fresh, '-subj', `/CN=${name}`, ...signed, ...out])
  }
  await Promise.all([authority('ca'), authority('stranger')])
  await Promise.all([certificate('server'), certificate('client')])
  await chmod(file('server-key'), 0o644)
  return {
    cacert: file('ca'),
    cert: file('client'),
    key: file('client-key'),
    stranger: file('stranger'),
    serverCert: file('server'),
    serverKey: file('server-key'),
  }
}
