import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A Git server for repositories below a folder, which asks for a token as GitHub does. */
export interface GitServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** `GET /acme/web.git/info/refs 401`, one for each request */
  readonly log: readonly string[]
}

/** Serves Git's smart HTTP by Git's own program (git-http-backend(1)); `token` is the password of `x-access-token`. */
export async function openGitServer(root: string, token: string): Promise<GitServer> {
  const log: string[] = []
  const expected = Buffer.from(`x-access-token:${token}`).toString('base64')
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1)
    response.on('finish', () => log.push(`${request.method} ${path} ${response.statusCode}`))
    // The scheme's case is free (RFC 9110, 11.1): BuildKit says basic.
    const [scheme = '', credentials] = (request.headers.authorization ?? '').split(' ')
    if (scheme.toLowerCase() === 'basic' && credentials === expected) return backend(root, request, response)
    response.writeHead(401, { 'www-authenticate': 'Basic realm="Git"' }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    log,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function backend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(path),
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      // What the repository belongs to is not what this test is about.
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  request.pipe(child.stdin)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.on('close', () => {
    const all = Buffer.concat(chunks)
    const end = all.indexOf('\r\n\r\n')
    const headers = all
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map(line => line.split(/: (.*)/s) as [string, string])
    const status = headers.find(([name]) => name === 'Status')?.[1]
    response.writeHead(
      status === undefined ? 200 : Number.parseInt(status, 10),
      Object.fromEntries(headers.map(([name, value]) => [name, value])),
    )
    response.end(all.subarray(end + 4))
  })
}
