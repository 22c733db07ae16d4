import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'

/** An SSH server of this user on the loopback, and a client that knows nothing of the user's own settings. */
export interface Sshd extends AsyncDisposable {
  /** `user@127.0.0.1:port` */
  readonly host: string
  readonly port: number
  /** Environment in which `ssh` is the client, with a key that the server takes, or as told. */
  client(manner?: Manner): Promise<Readonly<Record<string, string>>>
}

/** `agent`: the key is in an agent alone. */
type Manner = 'key' | 'agent' | 'stranger' | 'unknown host'

const server = '/usr/sbin/sshd'

/** True where Debian's openssh-server and openssh-client are installed, or others. */
export const hasSshd: boolean = [server, '/usr/bin/ssh'].every(program => existsSync(program))

/** `programs`: scripts on the PATH of what runs on the far side, by name. */
export async function openSshd(programs: Readonly<Record<string, string>>): Promise<Sshd> {
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'pce-sshd-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const file = (name: string): string => join(folder, name)
  for (const key of ['host', 'key', 'stranger'])
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file(key)])
  await mkdir(file('bin'))
  for (const [name, script] of Object.entries(programs)) await writeScript(file(`bin/${name}`), script)
  const [port, user] = [await freePort(), userInfo().username]
  await writeFile(file('authorized_keys'), await readFile(file('key.pub')))
  await writeFile(file('known_hosts'), `[127.0.0.1]:${port} ${await readFile(file('host.pub'), 'utf8')}`)
  await writeFile(file('sshd_config'), settings({ port, folder }))
  // As root it wants an empty folder of this name.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true })
  const sshd = execa(server, ['-D', '-e', '-f', file('sshd_config')], { reject: false, stdin: 'ignore' })
  opened.defer(async () => {
    sshd.kill()
    await sshd
  })
  await listening(port)
  const agent = execa('ssh-agent', ['-D', '-a', file('agent.sock')], { reject: false, stdin: 'ignore' })
  opened.defer(async () => {
    agent.kill()
    await agent
  })
  await added(file)
  const kept = opened.move()
  return {
    host: `${user}@127.0.0.1:${port}`,
    port,
    async client(manner = 'key') {
      const bin = file(`client-${manner.replace(' ', '-')}`)
      await mkdir(bin, { recursive: true })
      const known = manner === 'unknown host' ? '/dev/null' : file('known_hosts')
      const options = [`UserKnownHostsFile=${known}`, 'GlobalKnownHostsFile=/dev/null', 'IdentitiesOnly=no']
      const identity = { key: file('key'), agent: 'none', stranger: file('stranger'), 'unknown host': file('key') }[
        manner
      ]
      const flags = [...options, `IdentityFile=${identity}`].map(option => `-o ${option}`).join(' ')
      await writeScript(join(bin, 'ssh'), `exec /usr/bin/ssh -F none ${flags} "$@"`)
      return { PATH: `${bin}:${process.env.PATH}`, SSH_AUTH_SOCK: manner === 'agent' ? file('agent.sock') : '' }
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

const settings = ({ port, folder }: { readonly port: number; readonly folder: string }): string => `
ListenAddress 127.0.0.1
Port ${port}
HostKey ${folder}/host
PidFile none
AuthorizedKeysFile ${folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
SetEnv PATH=${folder}/bin:/usr/local/bin:/usr/bin:/bin
`

async function writeScript(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
}

/** Puts the key into the agent, once that listens. */
async function added(file: (name: string) => string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { exitCode } = await execa('ssh-add', ['-q', file('key')], {
      env: { SSH_AUTH_SOCK: file('agent.sock') },
      reject: false,
    })
    if (exitCode === 0) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('ssh-agent does not start')
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const socket = connect(port, '127.0.0.1')
    const is = await new Promise(resolve =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    )
    socket.destroy()
    if (is) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('sshd does not listen')
}

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => holder.once('listening', resolve))
  const address = holder.address()
  await new Promise(resolve => holder.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
