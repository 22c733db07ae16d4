import type { Readable } from 'node:stream'

/**
 * The lines of a stream, by line feed alone. node:readline also ends a line at U+2028 and U+2029, which JSON leaves as
 * they are: a name with one in it could bring a second event along.
 */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
