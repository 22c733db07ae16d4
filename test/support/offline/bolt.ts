/** A bucket of a bbolt file: keys to values or to buckets, as Trivy's database nests them. */
export interface Bucket {
  readonly [key: string]: string | Bucket
}

const PAGE = 4096
const PAGE_HEADER = 16
const ELEMENT = 16
const flags = { leaf: 0x02, meta: 0x04, freelist: 0x10 } as const

/**
 * The bytes of a bbolt file (https://github.com/etcd-io/bbolt): two meta pages, an empty freelist, and one leaf page for
 * each bucket, with as many overflow pages as its content needs. Enough for reading, which is all that Trivy does.
 */
export function boltFile(root: Bucket): Buffer {
  const pages: Buffer[] = []
  const place = (bucket: Bucket): number => {
    const page = leafPage(Object.entries(bucket).map(([key, value]) => leafElement(key, value, place)))
    const id = 3 + pages.reduce((sum, { length }) => sum + length / PAGE, 0)
    page.writeBigUInt64LE(BigInt(id), 0)
    pages.push(page)
    return id
  }
  const rootPage = place(root)
  const end = 3 + pages.reduce((sum, { length }) => sum + length / PAGE, 0)
  const metas = [0, 1].map(transaction => metaPage({ rootPage, end, transaction }))
  return Buffer.concat([...metas, freelistPage(), ...pages])
}

interface LeafElement {
  readonly bucket: boolean
  readonly key: Buffer
  readonly value: Buffer
}

function leafElement(name: string, content: string | Bucket, place: (bucket: Bucket) => number): LeafElement {
  const key = Buffer.from(name)
  if (typeof content === 'string') return { bucket: false, key, value: Buffer.from(content) }
  // A bucket's value: its root page, and a sequence that nobody uses.
  const value = Buffer.alloc(16)
  value.writeBigUInt64LE(BigInt(place(content)), 0)
  return { bucket: true, key, value }
}

function leafPage(unsorted: readonly LeafElement[]): Buffer {
  const elements = unsorted.toSorted((a, b) => Buffer.compare(a.key, b.key))
  const used = elements.reduce((sum, { key, value }) => sum + ELEMENT + key.length + value.length, PAGE_HEADER)
  const page = pageOf({ flag: flags.leaf, count: elements.length, bytes: used })
  let data = PAGE_HEADER + elements.length * ELEMENT
  elements.forEach(({ bucket, key, value }, i) => {
    const at = PAGE_HEADER + i * ELEMENT
    page.writeUInt32LE(bucket ? 1 : 0, at)
    page.writeUInt32LE(data - at, at + 4)
    page.writeUInt32LE(key.length, at + 8)
    page.writeUInt32LE(value.length, at + 12)
    data += key.copy(page, data)
    data += value.copy(page, data)
  })
  return page
}

interface Meta {
  readonly rootPage: number
  readonly end: number
  readonly transaction: number
}

function metaPage({ rootPage, end, transaction }: Meta): Buffer {
  const page = pageOf({ flag: flags.meta, count: 0, bytes: PAGE })
  page.writeBigUInt64LE(BigInt(transaction), 0)
  const meta = page.subarray(PAGE_HEADER)
  meta.writeUInt32LE(0xed0cdaed, 0)
  meta.writeUInt32LE(2, 4)
  meta.writeUInt32LE(PAGE, 8)
  meta.writeBigUInt64LE(BigInt(rootPage), 16)
  meta.writeBigUInt64LE(2n, 32)
  meta.writeBigUInt64LE(BigInt(end), 40)
  meta.writeBigUInt64LE(BigInt(transaction), 48)
  meta.writeBigUInt64LE(fnv64a(meta.subarray(0, 56)), 56)
  return page
}

function freelistPage(): Buffer {
  const page = pageOf({ flag: flags.freelist, count: 0, bytes: PAGE })
  page.writeBigUInt64LE(2n, 0)
  return page
}

function pageOf({ flag, count, bytes }: { flag: number; count: number; bytes: number }): Buffer {
  const pages = Math.max(1, Math.ceil(bytes / PAGE))
  const page = Buffer.alloc(pages * PAGE)
  page.writeUInt16LE(flag, 8)
  page.writeUInt16LE(count, 10)
  page.writeUInt32LE(pages - 1, 12)
  return page
}

function fnv64a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash
}
