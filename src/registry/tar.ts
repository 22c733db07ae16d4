import { piecesOf } from './pieces.ts'

/** A file of a layer, as far as two builds can differ in it. `digest` is of its content; empty where it has none. */
export interface Entry {
  readonly path: string
  /** `file`, `directory`, `symlink`, …; a letter of the format where it is none of these */
  readonly type: string
  readonly mode: number
  /** `0:0`: user and group */
  readonly owner: string
  /** seconds since the epoch, as the archive writes them */
  readonly mtime: string
  readonly size: number
  /** what a link points at */
  readonly link: string
  /** extended attributes, as one text */
  readonly attributes: string
  readonly digest: string
}

const types: Readonly<Record<string, string>> = {
  '': 'file',
  '\0': 'file',
  '0': 'file',
  '1': 'hard link',
  '2': 'symlink',
  '3': 'character device',
  '4': 'block device',
  '5': 'directory',
  '6': 'fifo',
}

const block = 512

/**
 * The entries of a tar archive in its order (POSIX ustar and pax, pubs.opengroup.org, utilities/pax; GNU's long names).
 * Contents are hashed as they come and not kept. @throws Error for what is no archive
 */
export async function* readTar(archive: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
  const reader = piecesOf(archive)
  let next: Readonly<Record<string, string>> = {}
  for (;;) {
    const header = await reader.take(block)
    if (header === undefined || header.every(byte => byte === 0)) return
    const [type, size] = [text(header, 156, 1), Number(next.size ?? number(header, 124, 12))]
    if (!Number.isSafeInteger(size) || checksumOf(header) !== number(header, 148, 8))
      throw new Error('not a tar archive')
    const padded = Math.ceil(size / block) * block
    if (type === 'x' || type === 'L' || type === 'K') {
      const content = (await reader.take(padded))?.subarray(0, size) ?? Buffer.alloc(0)
      next = { ...next, ...(type === 'x' ? paxOf(content) : longOf(type, content)) }
      continue
    }
    const digest = await reader.hash(size, padded)
    // The global header of pax says nothing of a file.
    if (type !== 'g')
      yield { ...entryOf(header, next), type: types[type] ?? type, size, digest: size > 0 ? digest : '' }
    next = {}
  }
}

function entryOf(header: Buffer, pax: Readonly<Record<string, string>>): Omit<Entry, 'type' | 'size' | 'digest'> {
  const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : ''
  const name = [prefix, text(header, 0, 100)].filter(part => part !== '').join('/')
  const attributes = Object.entries(pax).filter(([key]) => key.startsWith('SCHILY.xattr.'))
  return {
    path: `/${(pax.path ?? name).replace(/^\.?\/+/, '').replace(/\/$/, '')}`,
    mode: number(header, 100, 8) & 0o7777,
    owner: `${pax.uid ?? number(header, 108, 8)}:${pax.gid ?? number(header, 116, 8)}`,
    mtime: pax.mtime ?? String(number(header, 136, 12)),
    link: pax.linkpath ?? text(header, 157, 100),
    attributes: attributes
      .map(pair => pair.join('='))
      .sort()
      .join(),
  }
}

/** `25 path=some/long/name\n`, with the length of the record before it; in bytes. */
function paxOf(content: Buffer): Record<string, string> {
  const records: Record<string, string> = {}
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at)
    const length = Number(content.toString('latin1', at, space))
    if (space === -1 || !(length > 0)) break
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(content.toString('utf8', space + 1, at + length - 1)) ?? []
    records[key] = value
    at += length
  }
  return records
}

const longOf = (type: 'L' | 'K', content: Buffer): Record<string, string> => ({
  [type === 'L' ? 'path' : 'linkpath']: text(content, 0, content.length),
})

const text = (header: Buffer, from: number, length: number): string =>
  header.toString('utf8', from, from + length).split('\0', 1)[0] ?? ''

/** Octal digits, or with the first bit set a number to the base 256 (GNU). */
function number(header: Buffer, from: number, length: number): number {
  const first = header[from] ?? 0
  if (first < 0x80) return Number.parseInt(text(header, from, length).trim() || '0', 8)
  return header.subarray(from + 1, from + length).reduce((all, byte) => all * 256 + byte, first & 0x7f)
}

/** The sum of all bytes, those of the sum itself taken as spaces. */
const checksumOf = (header: Buffer): number =>
  header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0)
