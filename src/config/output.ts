/** An output of an action. */
export interface Output {
  readonly name: string
  readonly description: string
}

const run = { name: 'run', description: 'Directory of the run: record, parts and logs' }
const record = { name: 'record', description: 'Path of run.json, the record of everything that was done' }
const verdict = { name: 'verdict', description: 'passed or failed' }
const image = { name: 'image', description: 'Reference of the image by digest; the first one where there are several' }
const digest = { name: 'digest', description: 'Digest of the image; the first one where there are several' }
const images = { name: 'images', description: 'All images as a JSON list of name@digest' }
const pushed = { name: 'pushed', description: 'References that were pushed, with their digests, as a JSON list' }
const hosts = { name: 'registries', description: 'Registry hosts that are logged in to, as a JSON list' }
const registry = { name: 'registry', description: 'The first of the registry hosts' }
const account = { name: 'aws-account-id', description: 'Account of the AWS identity' }
const role = { name: 'role-arn', description: 'ARN of the role that was assumed; empty without one' }
const identity = {
  name: 'authenticated-arn',
  description:
    'ARN of who AWS takes this job for: the session of the role, or whose credentials those of the machine are',
}
const expires = {
  name: 'expires-at',
  description:
    'When the first of the logins, or of the credentials that are given on, ends (ISO 8601), where it is known',
}
const dockerConfig = { name: 'docker-config', description: 'Directory of the Docker configuration with the logins' }

export const outputs = {
  root: [images, image, digest, verdict, record, run, pushed],
  build: [image, digest, images, run],
  check: [verdict, record, run],
  scan: [verdict, record, run],
  test: [verdict, record, run],
  push: [pushed, digest, run, record],
  login: [registry, hosts, account, role, identity, expires, dockerConfig],
} as const satisfies Readonly<Record<string, readonly Output[]>>
