import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { execa } from 'execa'
import { OutsideError } from '../errors.ts'
import { type Asset, type FindOptions, hostPlatform, type Pin, type Tool, toolsFolder } from './tool.ts'

/** ms for a whole download: the largest pinned file has 60 MB. */
const TRANSFER_DEADLINE = 300_000

/**
 * Downloads the pinned release into the tools folder. The file is checked against the pinned SHA-256 before it is
 * unpacked, and appears under its final name only by a rename, so that a run that was killed, or another one at the
 * same time, never leaves half a program. Throws OutsideError.
 */
export async function installRelease(pin: Pin, options: FindOptions): Promise<Tool> {
  const asset = pin.assets[hostPlatform()]
  if (!asset) throw unavailable(pin, `no release is pinned for ${hostPlatform()}`)
  const version = asset.version ?? pin.version
  const path = join(toolsFolder(options.env), pin.name, version, pin.name)
  await mkdir(dirname(path), { recursive: true })
  const work = await mkdtemp(`${dirname(path)}.`)
  try {
    if (!options.silentHosts?.has(new URL(asset.url).host)) options.say(`Downloading ${asset.url}`)
    await rename(await fetchProgram(asset, work, options), path)
  } catch (error) {
    options.signal.throwIfAborted()
    throw unavailable(pin, error instanceof Error ? error.message : String(error), error)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return { name: pin.name, path, version, source: 'release' }
}

async function fetchProgram(asset: Asset, work: string, options: FindOptions): Promise<string> {
  const file = join(work, 'download')
  const sha256 = await download(asset.url, file, options)
  if (sha256 !== asset.sha256) {
    throw new Error(`${asset.url} has SHA-256 ${sha256}, pinned is ${asset.sha256}: not used`)
  }
  const program = asset.entry ? await unpack(file, asset.entry, options.signal) : file
  await chmod(program, 0o755)
  return program
}

async function unpack(file: string, entry: string, signal: AbortSignal): Promise<string> {
  const folder = dirname(file)
  await execa('tar', ['-xzf', file, '-C', folder], { cancelSignal: signal, stdin: 'ignore' })
  return join(folder, entry)
}

async function download(url: string, file: string, options: FindOptions): Promise<string> {
  const body = await open(url, options)
  const hash = createHash('sha256')
  const observed = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      hash.update(chunk)
      yield chunk
    }
  }
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(TRANSFER_DEADLINE)])
  await pipeline(Readable.fromWeb(body), observed, createWriteStream(file), { signal })
  return hash.digest('hex')
}

/** The body of an answer that began within the connect deadline; later bytes have the transfer deadline. */
async function open(url: string, { signal, connectDeadline = 5000, silentHosts }: FindOptions) {
  const { host } = new URL(url)
  if (silentHosts?.has(host)) throw new Error(`${host} did not answer earlier in this run`)
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), connectDeadline)
  const response = await fetch(url, { signal: AbortSignal.any([signal, patience.signal]) })
    .catch((cause: unknown) => {
      signal.throwIfAborted()
      silentHosts?.add(host)
      throw new Error(`${host} did not answer${patience.signal.aborted ? ` within ${connectDeadline} ms` : ''}`, {
        cause,
      })
    })
    .finally(() => clearTimeout(timer))
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`)
  return response.body
}

const unavailable = ({ name, version, atLeast }: Pin, reason: string, cause?: unknown): OutsideError =>
  new OutsideError(
    `${name} is neither on PATH (${atLeast} or newer) nor kept from an earlier run, and its release ${version} can't be had: ` +
      `${reason}. Install ${name} and put it on PATH, or allow that host.`,
    { cause },
  )
