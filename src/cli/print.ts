import { plain } from '../report/text.ts'

/** Writes data to standard output, with a line end. Gives exit code 0. */
export function print(text: string): number {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  return 0
}

/** Tells people something on standard error. It may quote files of a stranger's repository, and no terminal obeys those. */
export const tell = (text: string): void => console.error(plain(text))
