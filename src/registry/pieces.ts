import { createHash } from 'node:crypto'

/** Reads a stream in pieces of the reader's choice. */
export interface Pieces {
  /** the next bytes; undefined at the end. @throws Error where the stream ends within them */
  take(length: number): Promise<Buffer | undefined>
  /** SHA-256 of the next `length` bytes, in hex; then skips up to `padded` */
  hash(length: number, padded: number): Promise<string>
}

export function piecesOf(stream: AsyncIterable<Uint8Array>): Pieces {
  const source = stream[Symbol.asyncIterator]()
  let kept: Buffer = Buffer.alloc(0)
  async function more(): Promise<boolean> {
    const { done, value } = await source.next()
    if (done === true) return false
    kept = kept.length === 0 ? Buffer.from(value) : Buffer.concat([kept, value])
    return true
  }
  async function pass(length: number, see: (bytes: Buffer) => void): Promise<void> {
    for (let left = length; left > 0; ) {
      if (kept.length === 0 && !(await more())) throw new Error('the archive ends too soon')
      const bytes = kept.subarray(0, left)
      see(bytes)
      kept = kept.subarray(bytes.length)
      left -= bytes.length
    }
  }
  return {
    async take(length) {
      while (kept.length < length && (await more()));
      if (kept.length === 0 && length > 0) return undefined
      if (kept.length < length) throw new Error('the archive ends too soon')
      const bytes = kept.subarray(0, length)
      kept = kept.subarray(length)
      return bytes
    },
    async hash(length, padded) {
      const hash = createHash('sha256')
      await pass(length, bytes => hash.update(bytes))
      await pass(padded - length, () => {})
      return hash.digest('hex')
    },
  }
}
