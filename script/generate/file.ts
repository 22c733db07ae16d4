/** A generated file: its path in the repository and all of its text. */
export interface File {
  readonly path: string
  readonly text: string
}
