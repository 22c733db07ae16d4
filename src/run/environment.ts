import { isRight } from '../schema/rights.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Words that name a secret, in a name as `wordsOf` writes it. `PATH`, `TOKENIZER`, `SSH_AUTH_SOCK` have none of them. */
const secretive = [
  /(TOKEN|SECRETS?|CREDENTIALS?|PASSWORDS?|PASSWD|PASSPHRASE)\d*(_|$)/,
  /(^|_)(PAT|JWT|AUTHORIZATION|WEBHOOKS?)\d*(_|$)/,
  /(^|_)(PASS|AUTH)\d*$/,
  /(?<!(^|_)(PUBLIC|CACHE))_KEYS?\d*(_|$)|^KEYS?$/,
  /(API|ACCESS|DEPLOY|PRIVATE|SECRET|SIGNING|SSH)KEYS?\d*(_|$)/,
  /(^|_)ID_(RSA|DSA|ECDSA|ED25519)(_|$)/,
  /_PWD$/,
]

/** Settings of Trivy and Git that are about secrets and keys, and are none. */
const setting = /^(TRIVY_SECRET_CONFIG|TRIVY_TOKEN_HEADER|GIT_CONFIG_KEY_\d+)$/

/** `npm_config_//host/:_authToken` → `NPM_CONFIG_HOST_AUTH_TOKEN` */
const wordsOf = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()

const isSecretive = (name: string): boolean =>
  !setting.test(name) && secretive.some(pattern => pattern.test(wordsOf(name)))

/**
 * The environment for programs of a run: without the rights of AWS, GitHub and Actions, without anything that is named
 * like a secret, and without the secrets that the configuration names (a build gets those alone).
 */
export function scrub(env: Environment, secrets: readonly string[] = []): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !isRight(entry[0]) && !isSecretive(entry[0]) && !secrets.includes(entry[0]),
  )
  return Object.fromEntries(kept)
}
