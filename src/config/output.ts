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
const imageid = { name: 'imageid', description: 'Digest of the configuration of the image, which Docker calls its id' }
const platforms = {
  name: 'platform-digests',
  description: 'Digests of the manifests of the image by platform, as a JSON object',
}
const tags = { name: 'tags', description: 'Full references of the image, one a line' }
const tagNames = { name: 'tag-names', description: 'Tags of the image, one a line' }
const labels = { name: 'labels', description: 'Labels of the image, one name=value a line' }
const annotations = { name: 'annotations', description: 'Annotations of the image, one level:name=value a line' }
const json = { name: 'json', description: 'Tags, labels and annotations as a JSON object, as of metadata-action' }
const version = { name: 'version', description: 'The first of the tags' }
const metadata = {
  name: 'metadata',
  description: 'What docker buildx says of the build, as JSON; where there are several platforms, also by platform',
}
const bakeFile = {
  name: 'bake-file',
  description: 'Path of a bake file with tags, labels and annotations in the target docker-metadata-action',
}
const hits = { name: 'cache-hit-ratio', description: "Share of the build's steps that came from a cache, 0.00 to 1.00" }
const outputsFile = {
  name: 'outputs-file',
  description: 'Path of a JSON file with all outputs: a long one does not fit into the arguments of a command',
}
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
  build: [
    image,
    digest,
    imageid,
    platforms,
    images,
    tags,
    tagNames,
    labels,
    annotations,
    json,
    version,
    metadata,
    bakeFile,
    hits,
    pushed,
    run,
    record,
    outputsFile,
  ],
  check: [verdict, record, run],
  scan: [verdict, record, run],
  test: [verdict, record, run],
  push: [pushed, digest, run, record],
  login: [registry, hosts, account, role, identity, expires, dockerConfig],
} as const satisfies Readonly<Record<string, readonly Output[]>>
