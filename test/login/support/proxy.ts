import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

export interface ForwardProxy extends AsyncDisposable {
  readonly url: string
  /** `CONNECT host:port` for a tunnel, `GET url` for plain HTTP */
  readonly seen: readonly string[]
}

/** A forward proxy: tunnels for HTTPS, and whole URLs for HTTP. `to`: where every tunnel leads. */
export async function openProxy(to?: { readonly port: number }): Promise<ForwardProxy> {
  const seen: string[] = []
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${new URL(incoming.url ?? '').host}`)
    const { method, headers } = incoming
    const onward = request(incoming.url ?? '', { method, headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  })
  server.on('connect', (incoming, socket, head) => {
    seen.push(`CONNECT ${incoming.url}`)
    const [host = '', port = ''] = (incoming.url ?? '').split(':')
    const onward = connect(to?.port ?? Number(port), to === undefined ? host : '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.write(head)
      onward.pipe(socket)
      socket.pipe(onward)
    })
    for (const end of [onward, socket]) end.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
