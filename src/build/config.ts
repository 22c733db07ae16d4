import { z } from 'zod'
import { attributesOf } from '../schema/csv.ts'
import {
  listOf,
  optionalSecretSchema,
  pathSchema,
  secretIdSchema,
  secretNameSchema,
  textSchema,
  variableSchema,
} from '../schema/fields.ts'

/** A context that BuildKit fetches by itself, with `{{defaultContext}}` for the repository at the commit. */
const remote = /^([a-z][a-z0-9+.-]*:\/\/\S+|[\w.-]+@[\w.-]+:\S+|\{\{\s*defaultContext\s*\}\}\S*)$/i

/** True for a context that is not a folder of the repository: a Git URL, an archive's, `{{defaultContext}}`. */
export const isRemote = (context: string): boolean => remote.test(context)

/** True for a URL that signs in by itself: it would be in arguments, logs and records as it is. */
export const signsIn = (url: string): boolean => /^https?:\/\/[^/?#\s]*@/i.test(url)

const clean =
  'a URL without a user and password, which arguments and logs would show: give github-token, or the secret GIT_AUTH_TOKEN.HOST'

const contextSchema = z
  .string()
  .min(1)
  .refine(
    context => isRemote(context) || pathSchema.safeParse(context).success,
    'a folder of the repository, relative to it, or a Git URL such as https://github.com/acme/web.git#main:app',
  )
  .refine(context => !signsIn(context), clean)

/** `no-cache: false` is as good as none: both are the same question. */
const flag = z
  .boolean()
  .transform(on => on || undefined)
  .optional()

const text = z.string().min(1)

/** What buildx takes for an attestation: on, off, or attributes. */
const attestationSchema = z.union([
  z.boolean(),
  z.string().regex(/^[a-z][\w-]*=.+$/, 'true, false, or attributes such as mode=max'),
])

const attestSchema = z
  .string()
  .refine(
    item => ['provenance', 'sbom'].includes(attributesOf(item)?.type ?? ''),
    'an attestation such as type=provenance,mode=max or type=sbom',
  )

const localOnly =
  'an output on this machine (local, tar, oci, docker): for a registry take it out, set push: true, and name the place in images or tags'

/** What else such an output may say, and where that is said here (docker/buildx, docs/reference: "--output"). */
function instead(item: string): string {
  if (/(^|,)annotation/.test(item)) return '; what annotation… says is the input annotations (index:name=value)'
  if (/(^|,)push-by-digest=/.test(item)) return '; for a job for each platform see that recipe in the README of build'
  if (/(^|,)(force-)?compression/.test(item)) return '; compression is not taken: layers are gzip, as buildx makes them'
  return ''
}

/** Exports that stay on this machine: an image leaves it by a push alone, when every gate has passed. */
const outputSchema = z.string().superRefine((item, context) => {
  const { type, dest } = attributesOf(item) ?? {}
  const refuse = (message: string) => context.addIssue({ code: 'custom', message })
  if (type === 'image' || type === 'registry') refuse(`${localOnly}${instead(item)}`)
  else if (type === 'docker' && dest === undefined)
    refuse('a file to write it to (dest=…): the image gets into the engine with load: true')
  else if (type === undefined || !['local', 'tar', 'oci', 'docker', 'cacheonly'].includes(type))
    refuse('an output such as type=local,dest=out, of type local, tar, oci or docker')
  else if (type !== 'cacheonly' && (dest === undefined || dest === '' || dest === '-'))
    refuse('a path to write it to: dest=…')
})

/** The `build` section: inputs of the build action, flags of `pce build`. */
export const buildConfigSchema = z.strictObject({
  file: pathSchema
    .optional()
    .describe('Dockerfile, relative to the repository; Dockerfile in the context when not given'),
  context: contextSchema
    .default('.')
    .describe(
      'Build context: a folder of the repository, or a Git URL; {{defaultContext}} is this repository on GitHub',
    ),
  target: text.optional().describe('Stage of the image that ships; the last one when not given'),
  'build-args': z.record(variableSchema, textSchema).default({}).describe('Build arguments, one NAME=value a line'),
  'build-contexts': z
    .record(
      text,
      text.refine(context => !signsIn(context), clean),
    )
    .optional()
    .describe('Named contexts, one name=path or name=URL a line (docker-image://, oci-layout://, Git)'),
  secrets: listOf(optionalSecretSchema, 'commas')
    .default([])
    .describe(
      'Names of environment variables that the build may read as secrets (RUN --mount=type=secret,id=NAME); an input also takes ID=value',
    ),
  'secret-envs': z
    .record(secretIdSchema, secretNameSchema)
    .optional()
    .meta({ list: 'commas' })
    .describe('Secrets under another id than the name of their variable, one ID=VARIABLE a line'),
  'secret-files': z.record(secretIdSchema, text).optional().describe('Secrets in files, one ID=path a line'),
  ssh: listOf(
    z.string().regex(/^[A-Za-z0-9_.-]+(=.+)?$/, 'default, or an id with the path of a key: git=keys/id_ed25519'),
    'commas',
  )
    .optional()
    .describe('SSH agent or keys for RUN --mount=type=ssh: default, or ID=path'),
  labels: z
    .record(z.string(), textSchema)
    .default({})
    .meta({ list: 'commented' })
    .describe('Labels besides the OCI ones, one name=value a line, with {{expressions}}'),
  'add-hosts': listOf(z.string().regex(/^[^\s:=]+[:=]\S+$/, 'a host and its address: db:10.0.0.2'), 'commas')
    .optional()
    .describe('Hosts that the steps of the build know, as host:ip'),
  allow: listOf(
    z
      .string()
      .regex(
        /^(network\.host|security\.insecure|device(=.+)?|fs(\.read|\.write)?=.+|ssh)$/,
        'an entitlement such as network.host or security.insecure',
      ),
    'commas',
  )
    .optional()
    .describe('Entitlements for the build: network.host, security.insecure'),
  attests: listOf(attestSchema, 'lines').optional().describe('Attestations: type=provenance,mode=max or type=sbom'),
  provenance: attestationSchema
    .optional()
    .describe('Provenance beside the image: true (mode=max in a public repository, else mode=min), or attributes'),
  sbom: attestationSchema.optional().describe('Bill of materials (SPDX) beside the image: true, or generator=image'),
  call: z
    .enum(['build', 'check', 'outline', 'targets'])
    .transform(call => (call === 'build' ? undefined : call))
    .optional()
    .describe("Instead of a build: check runs BuildKit's checks of the Dockerfile; outline, targets tell about it"),
  'cgroup-parent': text.optional().describe('Parent cgroup of the steps of the build'),
  for: z
    .enum(['lambda'])
    .optional()
    .describe('Where the image will run, if that asks for something: lambda takes one platform and no index'),
  load: flag.describe('Also put the image into the Docker engine, under its tags'),
  network: z.enum(['default', 'none', 'host']).optional().describe('Network of the steps: default, none, host'),
  'no-cache': flag.describe('Do every step anew'),
  'no-cache-filters': listOf(text, 'commas').optional().describe('Stages of which every step is done anew'),
  outputs: listOf(outputSchema, 'raw')
    .optional()
    .describe('More outputs on this machine, one a line: type=local,dest=out; type=oci,dest=image.tar'),
  pull: flag.describe('Look for newer base images, also where the builder has some'),
  reproducible: z
    .union([z.boolean(), z.literal('check')])
    .transform(wanted => wanted || undefined)
    .optional()
    .describe(
      'true: the same source gives the same digest on every machine; check: built twice without cache, and what differs is named',
    ),
  'shm-size': z
    .string()
    .regex(/^\d+(\.\d+)?\s*([kmgt]i?)?b?$/i, 'a size such as 128m or 2g')
    .optional()
    .describe('Size of /dev/shm in the steps of the build, such as 2g'),
  ulimit: listOf(z.string().regex(/^[a-z]+=-?\d+(:-?\d+)?$/, 'a limit such as nofile=1024:2048'), 'lines')
    .optional()
    .describe('Limits of the steps of the build, one name=soft:hard a line'),
  earthfile: z
    .string()
    .regex(/^\+[\w.-]+$/, 'a target of the Earthfile such as +prod')
    .optional()
    .describe('Target of the Earthfile in the context, built by the program earthly: +prod'),
  'bake-files': listOf(pathSchema, 'commas')
    .optional()
    .describe('Bake files (HCL, JSON) or Compose files that say what is built, in place of file and context'),
  targets: listOf(text, 'commas')
    .optional()
    .describe('Targets and groups of the bake files, each an image; the group default when not given'),
  set: listOf(
    z.string().regex(/^[^=.\s]+\.[^=\s]+=.*$/s, 'a value for a target: web.args.VERSION=1, or *.platform=linux/amd64'),
    'lines',
  )
    .optional()
    .describe('Values that win over the bake files, one target.key=value a line'),
  vars: z.record(variableSchema, textSchema).optional().describe('Variables of the bake files, one NAME=value a line'),
})
export type BuildConfig = z.output<typeof buildConfigSchema>
