import { sshArgv } from './ssh.ts'

interface Trouble {
  readonly driver: string
  /** what buildx, or the connection, said */
  readonly said: string
  readonly endpoint: string | undefined
}

/** Pure: what to do about a builder that can't be made or reached. */
export function adviceFor({ driver, said, endpoint = 'the builder' }: Trouble): string {
  if (/no builder .* found/.test(said)) return 'docker buildx ls names those that there are.'
  const far = sshArgv(endpoint, driver === 'remote' ? 'buildkitd' : 'docker')
  if (far !== undefined) return adviceForSsh(far, said, endpoint)
  if (/x509|\bcert|tls|ssl|alert/i.test(said))
    return `See that builder.cacert signed the certificate of ${endpoint}, that builder.cert and key are signed by the authority which it trusts, and that builder.servername, else the host, is a name in its certificate.`
  if (driver === 'remote')
    return `See that buildkitd runs there, listens on ${endpoint} (buildkitd --addr …), and lets this machine connect.`
  if (driver === 'kubernetes')
    return 'See that kubectl reaches the cluster from here, and that its user may create deployments and run programs in pods.'
  return 'See that the engine may pull the image of BuildKit (builder.image names others) and run privileged containers.'
}

/** By what ssh says (OpenSSH), or the program on the far side. */
function adviceForSsh(argv: readonly string[], said: string, endpoint: string): string {
  const { hostname, port, pathname } = new URL(endpoint)
  const found = argv.find(word => /^(buildctl|docker)$/.test(word))
  if (/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/i.test(said))
    return `Compare the host's key with what its owner says, and put it into ~/.ssh/known_hosts: ssh-keyscan ${port === '' ? '' : `-p ${port} `}${hostname}`
  if (/Permission denied|Too many authentication failures/i.test(said))
    return `See that a key which ssh offers here (ssh-add -l, IdentityFile in ~/.ssh/config) is in ~/.ssh/authorized_keys of that user on ${hostname}.`
  if (/not found/i.test(said) && found !== undefined && said.includes(found))
    return `Install ${found} on ${hostname}, on the PATH of commands that come by ssh.`
  if (/\.sock|dial unix|no such file/i.test(said))
    return `See that its daemon runs on ${hostname}, and listens on ${pathname.length > 1 ? pathname : "its program's usual socket (ssh://user@host/path/of.sock names another)"}.`
  return `See that \`${argv.join(' ')}\` works from here without a question.`
}
