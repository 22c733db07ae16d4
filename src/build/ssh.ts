import { runProgram } from '../program/run.ts'
import type { Scope } from '../task/scope.ts'

/** ms until an address behind ssh must have answered: as long as buildx itself tries, which then does not say why. */
const usual = 20_000

/** What is spoken on the far side: BuildKit's, or the engine's in whose container BuildKit is to be. */
export type Speaks = 'buildkitd' | 'docker'

/** What a client says first: HTTP/2 with settings that change nothing (RFC 9113, 3.4); the engine's own ping. */
const hello: Readonly<Record<Speaks, string>> = {
  buildkitd: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
  docker: 'GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n',
}

/**
 * Pure: the program with which an address `ssh://user@host:port/socket` is reached, as buildx starts it (moby/buildkit,
 * client/connhelper/ssh; docker/cli, cli/connhelper); undefined for any other address.
 */
export function sshArgv(endpoint: string, speaks: Speaks): readonly string[] | undefined {
  if (!endpoint.startsWith('ssh://') || !URL.canParse(endpoint)) return undefined
  const { username, hostname, port, pathname } = new URL(endpoint)
  const socket = pathname === '' || pathname === '/' ? undefined : `unix://${pathname}`
  const far = {
    buildkitd: ['buildctl', ...(socket === undefined ? [] : ['--addr', socket]), 'dial-stdio'],
    docker: ['docker', ...(socket === undefined ? [] : ['--host', socket]), 'system', 'dial-stdio'],
  }
  const user = username === '' ? [] : ['-l', decodeURIComponent(username)]
  return ['ssh', ...user, ...(port === '' ? [] : ['-p', port]), '--', hostname.replace(/^\[|\]$/g, ''), ...far[speaks]]
}

/**
 * Why nobody answers behind ssh; undefined when somebody does, or the address is another one.
 * @throws OutsideError where there is no ssh
 */
export async function whySilentBySsh(
  endpoint: string,
  speaks: Speaks,
  { env, signal, patience = usual }: Pick<Scope, 'env' | 'signal'> & { readonly patience?: number },
): Promise<string | undefined> {
  const argv = sshArgv(endpoint, speaks)
  if (argv === undefined) return undefined
  const limit = AbortSignal.timeout(patience)
  try {
    const program = { title: 'Reach the builder', argv, env, input: hello[speaks] }
    const { stdout, stderr } = await runProgram({ ...program, signal: AbortSignal.any([signal, limit]) })
    return stdout === '' ? lastLine(stderr) || 'it ended without a word' : undefined
  } catch (error) {
    if (signal.aborted || !limit.aborted) throw error
    return `no answer within ${patience / 1000} s`
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? ''
