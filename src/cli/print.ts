/** Writes data to standard output, with a line end. Gives exit code 0. */
export function print(text: string): number {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  return 0
}
