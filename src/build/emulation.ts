import { UserError } from '../errors.ts'
import type { BuilderConfig } from './builder-config.ts'
import { binfmtImages } from './images.ts'

/** What is known of the platforms of a builder. */
export interface PlatformFacts {
  /** that a node builds without QEMU */
  readonly native: readonly string[]
  /** that QEMU does */
  readonly emulated: readonly string[]
  /** whether QEMU could be installed where the builder runs: on the engine's own machine */
  readonly installable: boolean
}

export interface Emulation {
  /** platforms to install QEMU for */
  readonly install: readonly string[]
  /** one line for each platform that is emulated */
  readonly warnings: readonly string[]
}

interface Asked {
  /** such as `linux/arm64`, or `native` */
  readonly platforms: readonly string[]
  readonly qemu: BuilderConfig['qemu']
  readonly onGitHub: boolean
}

/**
 * Pure: which of the asked platforms QEMU has to do. @throws UserError for one that nobody can build, with what to run.
 */
export function planEmulation({ platforms, qemu, onGitHub }: Asked, facts: PlatformFacts): Emulation {
  const foreign = platforms.filter(platform => platform !== 'native' && !covers(facts.native, platform))
  const missing = foreign.filter(platform => !covers(facts.emulated, platform))
  if (qemu === false && foreign.length > 0) throw refusal(foreign, `builder.qemu is false`, facts)
  if (missing.length > 0 && !(facts.installable && mayInstall({ qemu, onGitHub })))
    throw refusal(missing, 'there is no QEMU for it', facts)
  return { install: missing, warnings: foreign.map(platform => warningOf(platform, facts)) }
}

/** Whether QEMU may be installed unasked: a machine of GitHub's is thrown away afterwards, a user's own is not. */
export const mayInstall = ({ qemu, onGitHub }: Pick<Asked, 'qemu' | 'onGitHub'>): boolean =>
  qemu === true || (qemu === 'auto' && onGitHub)

const covers = (known: readonly string[], platform: string): boolean =>
  known.some(one => plain(one) === plain(platform))

/** `linux/arm64/v8` is `linux/arm64`, and levels of amd64 are no platforms of their own. */
const plain = (platform: string): string => platform.replace(/^(\w+\/(?:amd64|arm64))\/v\d+$/, '$1')

const warningOf = (platform: string, { native }: PlatformFacts): string =>
  `${platform} is emulated by QEMU (native here: ${listOf(native)}): steps that compile take ten times as long, and more. A job on a native runner (GitHub has ubuntu-24.04-arm) or a node with that platform (builder.append) does without.`

function refusal(missing: readonly string[], why: string, { native, installable }: PlatformFacts): UserError {
  const [binfmt] = binfmtImages
  const install = installable
    ? `Run docker run --privileged --rm ${binfmt} --install ${architecturesOf(missing)}, or set builder.qemu: true to have that done. Or build`
    : 'Build'
  return new UserError(
    `platforms: ${listOf(missing)} can't be built: no node of the builder has it (native: ${listOf(native)}), and ${why}\n${install} it in a job on a native runner, or add a node that has it: builder: { append: [{ endpoint: …, platforms: [${listOf(missing)}] }] }.`,
  )
}

const listOf = (platforms: readonly string[]): string => platforms.join(', ') || 'unknown'

/** What binfmt calls platforms: `arm64,arm`. */
export const architecturesOf = (platforms: readonly string[]): string =>
  [...new Set(platforms.map(platform => platform.split('/')[1] ?? platform))].join(',')

/** QEMU's names of architectures, which handlers have in the kernel's table (docs.kernel.org, "binfmt-misc"). */
const handlers: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  arm64: 'aarch64',
  '386': 'i386',
  mips64le: 'mips64el',
}

/** `qemu-aarch64` for `linux/arm64`: the file of its handler. */
export function handlerOf(platform: string): string {
  const [, architecture = ''] = platform.split('/')
  return `qemu-${handlers[architecture] ?? architecture}`
}
