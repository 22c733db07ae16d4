import type { Image } from '../record/image.ts'
import type { TestCase } from '../record/test-case.ts'
import { type ImageConfiguration, type Manifest, readConfiguration, readManifest } from '../registry/registry.ts'
import type { Scope } from '../task/scope.ts'
import type { Result } from '../task/task.ts'
import type { ContractConfig } from './config.ts'

/** Looks whether the image is what it must be: from its manifest and configuration, without starting it. */
export async function checkContract(config: ContractConfig, image: Image, scope: Scope): Promise<Result<number>> {
  // Else an image that nobody looked at would count as judged.
  if (config.user === 'any' && config.size === undefined)
    return { status: 'skipped', reason: 'the contract asks for nothing', subject: image.digest }
  const [manifest, configuration] = await Promise.all([
    readManifest(image, scope.signal),
    readConfiguration(image, scope.signal),
  ])
  const tests = judgeContract(config, manifest, configuration).map(test => ({
    suite: `contract ${image.name}`,
    duration: 0,
    ...test,
  }))
  for (const { name, status, message } of tests)
    scope.say(`${status} ${name}${message === undefined ? '' : `: ${message}`}`)
  const failed = tests.filter(({ status }) => status === 'failed')
  const evidence = { subject: image.digest, tests }
  if (failed.length === 0) return { value: tests.length, ...evidence }
  return { status: 'failed', reason: failed.map(({ message }) => message).join('; '), ...evidence }
}

type Judged = Pick<TestCase, 'name' | 'status' | 'message'>

/** Pure: each clause of the contract as a test. */
export function judgeContract(
  config: ContractConfig,
  manifest: Manifest,
  { config: run }: ImageConfiguration,
): Judged[] {
  return [
    ...(config.user === 'any' ? [] : [judgeUser(run?.User ?? '')]),
    ...(config.size === undefined ? [] : [judgeSize(config.size, sizeOf(manifest))]),
  ]
}

function judgeUser(user: string): Judged {
  const name = 'names a user other than root'
  const [own = ''] = user.split(':', 1)
  // The engine reads a number as Go does: 00 is 0.
  if (!/^(root|[+-]?0+|)$/.test(own)) return { name, status: 'passed', ...doubtOf(own) }
  const found = user === '' ? 'the image names no user, so it runs as root' : `the image runs as ${user}`
  return { name, status: 'failed', message: `${found}; add USER to its Dockerfile, or set contract.user: any` }
}

// Which number a name stands for is said in the image's /etc/passwd: `useradd -o -u 0 toor` makes a second root.
const doubtOf = (user: string): Pick<Judged, 'message'> =>
  /^[+-]?\d+$/.test(user)
    ? {}
    : { message: `${user} is a name: only a number can be checked, and Kubernetes' runAsNonRoot wants one too` }

function judgeSize(limit: number, size: number): Judged {
  const name = `is at most ${megabytes(limit)}`
  if (size <= limit) return { name, status: 'passed', message: megabytes(size) }
  return {
    name,
    status: 'failed',
    message: `the image is ${megabytes(size)}, ${megabytes(size - limit)} over its budget`,
  }
}

/** Bytes as a registry stores and sends them: configuration and compressed layers. */
const sizeOf = ({ config, layers }: Manifest): number => layers.reduce((sum, { size }) => sum + size, config.size)

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
