/** GitHub's notation for a value of a matrix, which tag rules can't take for theirs: `${{ matrix.os }}`. */
export const notation = /\$\{\{\s*matrix\b(.*?)\}\}/gs

/** Pure: how a value of a matrix is named in a text. */
export const mention = (key: string): string => `\${{ matrix.${key} }}`

/** Matches any of them, as JSON Schema draft 7 has it. */
export const mentionPattern = String.raw`\$\{\{\s*matrix\.`
