type Environment = Readonly<Record<string, string | undefined>>

// File commands let a step change later steps; the others are rights (docs.github.com, "Variables reference").
const rights =
  /^(AWS_.*|ACTIONS_.*|INPUT_.*|PCE_.*|GITHUB_(TOKEN|ENV|OUTPUT|PATH|STATE|STEP_SUMMARY|ARTIFACTS)|GH_(ENTERPRISE_)?TOKEN|DOCKER_AUTH_CONFIG)$/i
const secretive =
  /((^|_)(TOKEN|SECRETS?|PASSWD|PASSPHRASE|CREDENTIALS?|PRIVATE_KEY|API_?KEY|PAT)|PASSWORD)(_|$)|^MYSQL_PWD$/i

/**
 * The environment for programs of a run: without the rights of AWS, GitHub and Actions, without anything that is named
 * like a secret, and without the secrets that the configuration names (a build gets those alone).
 */
export function scrub(env: Environment, secrets: readonly string[] = []): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !rights.test(entry[0]) && !secretive.test(entry[0]) && !secrets.includes(entry[0]),
  )
  return Object.fromEntries(kept)
}
