import { createHash } from 'node:crypto'
import { chmod, link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { type Entry, readTar } from '../../src/registry/tar.ts'

const long = `${'d'.repeat(90)}/${'e'.repeat(90)}/${'f'.repeat(120)}.txt`
const big = Buffer.alloc(200_000, 'x')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pce-tar-'))
  const write = async (name: string, content: string | Buffer) => {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  await write('a.txt', 'hello\n')
  await write('empty', '')
  await write('big', big)
  await write(long, 'far\n')
  await write('ümlaut', 'u')
  await chmod(join(folder, 'a.txt'), 0o4711)
  await symlink(`/somewhere/${'g'.repeat(150)}`, join(folder, 'link'))
  await link(join(folder, 'a.txt'), join(folder, 'b.txt'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const sha = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')

/** Bytes in pieces of odd lengths, as a network gives them. */
async function* pieces(bytes: Uint8Array, length: number) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}
async function entriesOf(bytes: Uint8Array, length = 1_000): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of readTar(pieces(bytes, length))) entries.push(entry)
  return entries
}
const pack = async (format: string, ...more: readonly string[]): Promise<Uint8Array> => {
  const argv = [
    `--format=${format}`,
    '--sort=name',
    '--owner=ada:1000',
    '--group=ada:100',
    '--mtime=@1000000000',
    ...more,
  ]
  return (await execa('tar', ['-C', folder, '-c', ...argv, '.'], { encoding: 'buffer' })).stdout
}

describe('a tar archive', () => {
  it.each(['gnu', 'pax', 'posix'])('of format %s', async format => {
    for (const length of [1, 511, 512, 65_536]) {
      const entries = await entriesOf(await pack(format), length === 1 ? 13 : length)
      const told = entries.map(({ path, type, mode, size, link, digest }) => [path, type, mode, size, link, digest])
      expect(told.filter(([, type]) => type !== 'directory')).toEqual([
        ['/a.txt', 'file', 0o4711, 6, '', sha('hello\n')],
        ['/b.txt', 'hard link', 0o4711, 0, './a.txt', ''],
        ['/big', 'file', 0o644, 200_000, '', sha(big)],
        [`/${long}`, 'file', 0o644, 4, '', sha('far\n')],
        ['/empty', 'file', 0o644, 0, '', ''],
        ['/link', 'symlink', 0o777, 0, `/somewhere/${'g'.repeat(150)}`, ''],
        ['/ümlaut', 'file', 0o644, 1, '', sha('u')],
      ])
      expect(new Set(entries.map(({ owner, mtime }) => `${owner} ${mtime}`))).toEqual(new Set(['1000:100 1000000000']))
    }
  })

  it('with attributes and times that only pax can write', async () => {
    const bytes = await pack('pax', '--pax-option=SCHILY.xattr.user.note:=kept,mtime:=1000000000.5')
    const [, first] = await entriesOf(bytes)
    expect(first).toMatchObject({ path: '/a.txt', mtime: '1000000000.5', attributes: 'SCHILY.xattr.user.note=kept' })
  })

  it('that ends too soon, or is none, is no shorter archive', async () => {
    const bytes = await pack('pax')
    await expect(entriesOf(bytes.subarray(0, 700))).rejects.toThrow('the archive ends too soon')
    await expect(entriesOf(Buffer.alloc(1_024, 'x'))).rejects.toThrow('not a tar archive')
    expect(await entriesOf(Buffer.alloc(1_024))).toEqual([])
    expect(await entriesOf(Buffer.alloc(0))).toEqual([])
  })
})
