import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asking extends AsyncDisposable {
  /** `127.0.0.1:1234` */
  readonly host: string
  /** method, path and status of each call */
  readonly calls: readonly string[]
}

interface Options {
  readonly users?: Readonly<Record<string, string>>
  /** a status in place of any answer */
  readonly answers?: number
  /** WWW-Authenticate in place of its own */
  readonly challenge?: string
  /** a byte now and then, and never the end */
  readonly drips?: boolean
}

/**
 * A registry as far as a login goes (Distribution, "Token authentication specification"): a challenge that names where
 * tokens are given, which takes Basic credentials, a service, and an account that is the user.
 */
export async function openAsking({ users = {}, answers, challenge, drips = false }: Options): Promise<Asking> {
  const calls: string[] = []
  const server = createServer((incoming, outgoing) => {
    const { host = '' } = incoming.headers
    const url = new URL(incoming.url ?? '/', `http://${host}`)
    const end = (status: number, headers: Readonly<Record<string, string>>, body: object): void => {
      calls.push(`${incoming.method} ${url.pathname} ${status}`)
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    }
    if (drips) {
      const timer = setInterval(() => outgoing.write(' '), 20)
      outgoing.on('close', () => clearInterval(timer))
      return
    }
    if (answers !== undefined) return end(answers, {}, {})
    if (url.pathname === '/v2/') {
      const own = `Bearer realm="http://${host}/token",service="${host}"`
      return end(401, { 'www-authenticate': challenge ?? own }, { errors: [{ code: 'UNAUTHORIZED' }] })
    }
    const [scheme, basic = ''] = (incoming.headers.authorization ?? '').split(' ')
    const [name = '', password] = Buffer.from(basic, 'base64').toString('utf8').split(/:(.*)/s)
    const isAsked = url.searchParams.get('service') === host && url.searchParams.get('account') === name
    if (url.pathname !== '/token' || scheme !== 'Basic' || !isAsked) return end(400, {}, {})
    if (password === undefined || users[name] !== password)
      return end(401, {}, { details: 'incorrect username or password' })
    end(200, {}, { token: 'a-token' })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
