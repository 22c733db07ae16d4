import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { east } from './hosts.ts'

export interface Front extends AsyncDisposable {
  readonly port: number
  /** file of the certificate that it shows, which is its own authority */
  readonly ca: string
}

/** HTTPS before a server of plain HTTP, as `localhost` and by AWS's names, with a certificate that nobody knows. */
export async function openFront(origin: string, folder: string): Promise<Front> {
  const [key, ca] = [join(folder, 'key.pem'), join(folder, 'ca.pem')]
  const aws = ['sts.us-east-1.amazonaws.com', 'sts-fips.us-east-1.amazonaws.com', 'sts.eu-west-1.api.aws', east]
  const names = `subjectAltName=${['localhost', ...aws].map(host => `DNS:${host}`).join(',')}`
  const made = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=localhost',
    '-addext',
    names,
  ]
  await execa('openssl', [...made, '-keyout', key, '-out', ca])
  const server = createServer({ key: await readFile(key), cert: await readFile(ca) }, (incoming, outgoing) => {
    const { method, headers } = incoming
    const onward = request(new URL(incoming.url ?? '/', origin), { method, headers }, answer => {
      // The server behind knows of no TLS.
      const location = answer.headers.location?.replace(/^http:/, 'https:')
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...(location && { location }) })
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    ca,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
