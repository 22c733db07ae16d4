interface Trouble {
  readonly driver: string
  /** what buildx, or the connection, said */
  readonly said: string
  readonly endpoint: string | undefined
}

/** Pure: what to do about a builder that can't be made or reached. */
export function adviceFor({ driver, said, endpoint = 'the builder' }: Trouble): string {
  if (/no builder .* found/.test(said)) return 'docker buildx ls names those that there are.'
  if (/x509|\bcert|tls|ssl|alert/i.test(said))
    return `See that builder.cacert signed the certificate of ${endpoint}, that builder.cert and key are signed by the authority which it trusts, and that builder.servername, else the host, is a name in its certificate.`
  if (endpoint.startsWith('ssh://')) return `See that ${sshOf(endpoint)} works from here without a question.`
  if (driver === 'remote')
    return `See that buildkitd runs there, listens on ${endpoint} (buildkitd --addr …), and lets this machine connect.`
  if (driver === 'kubernetes')
    return 'See that kubectl reaches the cluster from here, and that its user may create deployments and run programs in pods.'
  return 'See that the engine may pull the image of BuildKit (builder.image names others) and run privileged containers.'
}

/** What BuildKit runs for such an address: the server needs buildctl on its PATH. */
const sshOf = (endpoint: string): string => `\`ssh ${endpoint.slice('ssh://'.length)} buildctl dial-stdio\``
