/** Something the user can fix: what is wrong, which value, what to do. Exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** Something outside did not answer or refused: what was tried, and what to do. Exit code 3. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError'
}

/** The exit code of a command that ended with `error`: 2 bad input, 3 outside, 70 our own bug. */
export const exitCodeOf = (error: unknown): 2 | 3 | 70 =>
  error instanceof UserError ? 2 : error instanceof OutsideError ? 3 : 70
