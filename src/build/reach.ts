import { readFile } from 'node:fs/promises'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Tls } from './create.ts'

/** ms until a builder must have answered: it does so in a few, or not at all. */
const patience = 10_000

/** What a client of HTTP/2 says first (RFC 9113, 3.4): the preface, and settings that change nothing. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1')

/**
 * Why a remote builder can't be talked to; undefined when it answers, or is behind a program such as ssh. buildx itself
 * tries for 20 s whatever is wrong, and then says "context deadline exceeded".
 */
export async function whyUnreachable(endpoint: string, tls: Tls, signal: AbortSignal): Promise<string | undefined> {
  const open = await openerOf(endpoint, tls)
  return open === undefined ? undefined : await new Promise(resolve => talk(open(), { resolve, tls, signal }))
}

async function openerOf(endpoint: string, tls: Tls): Promise<(() => Socket) | undefined> {
  if (endpoint.startsWith('unix://')) return () => connectPlain(endpoint.slice(7))
  const { hostname, port, protocol } = URL.canParse(endpoint) ? new URL(endpoint) : new URL('none://')
  if (protocol !== 'tcp:') return undefined
  const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }
  if (!isTls(tls)) return () => connectPlain(place)
  const name = tls.servername ?? place.host
  const [ca, cert, key] = await Promise.all([tls.cacert, tls.cert, tls.key].map(file => file && readFile(file)))
  const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
  // An address can't be asked for by name (RFC 6066, 3), but it is what the certificate is checked against.
  return () => connectTls({ ...place, ...files, ALPNProtocols: ['h2'], ...(isIP(name) ? {} : { servername: name }) })
}

const isTls = (tls: Tls): boolean => Object.values(tls).some(value => value !== undefined)

interface Talk {
  readonly tls: Tls
  readonly signal: AbortSignal
  resolve(why: string | undefined): void
}

/** Says hello and waits for the first byte: a server that does not like the client's certificate closes instead. */
function talk(socket: Socket, { resolve, tls, signal }: Talk): void {
  const end = (why: string | undefined): void => {
    socket.destroy()
    resolve(why)
  }
  const closed = isTls(tls)
    ? 'it closed the connection'
    : 'it closed the connection: it may ask for TLS (builder.cacert, cert, key)'
  socket.setTimeout(patience, () => end(`no answer within ${patience / 1000} s`))
  socket.once('data', () => end(undefined))
  socket.once('error', error => end(wordsOf(error)))
  socket.once('close', () => end(closed))
  signal.addEventListener('abort', () => end(undefined), { once: true })
  socket.write(preface)
}

/** OpenSSL's own reason without its codes; Node's message without its advice, which is about Node. */
const wordsOf = (error: Error): string =>
  'reason' in error && typeof error.reason === 'string' ? error.reason : (error.message.split(';', 1)[0] ?? '')
