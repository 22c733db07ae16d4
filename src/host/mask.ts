/** Replaces secrets by `***` in text. Whatever is shown or written goes through `apply` first. */
export interface Masker {
  /** from now on hides the secret, each of its lines, and how tools encode it */
  add(secret: string): void
  apply(text: string): string
}

/** A shorter line of a secret, such as the braces of a JSON key, is no secret, and hiding it would spoil every log. */
const shortestLine = 4
/** The encoded form of a shorter secret is too common in other text. */
const shortestEncoded = 6

export function createMasker(): Masker {
  let needles: readonly string[] = []
  const apply = (text: string): string => needles.reduce((masked, needle) => masked.replaceAll(needle, '***'), text)
  return {
    add(secret) {
      const all = new Set([...needles, ...formsOf(secret)])
      // The longest first: a line must not be cut out of the middle of its secret.
      needles = [...all].sort((a, b) => b.length - a.length)
    },
    apply,
  }
}

/** The lines of a secret that are worth hiding, each trimmed. A secret of one line is always hidden. */
export function linesOf(secret: string): readonly string[] {
  const lines = secret
    .split(/\r\n?|\n/)
    .map(line => line.trim())
    .filter(line => line !== '')
  return lines.length > 1 ? lines.filter(line => line.length >= shortestLine) : lines
}

function formsOf(secret: string): string[] {
  const plain = [secret, secret.trim(), ...linesOf(secret)].filter(form => form.trim() !== '')
  return [...plain, ...plain.filter(form => form.length >= shortestEncoded).flatMap(encodingsOf)]
}

const encodingsOf = (text: string): string[] => [
  encodeURIComponent(text.toWellFormed()),
  JSON.stringify(text).slice(1, -1),
  Buffer.from(text).toString('base64'),
  Buffer.from(text).toString('base64url'),
  ...[0, 1, 2].flatMap(shift => withinBase64(text, shift)),
]

/**
 * The characters that `text` makes in the Base64 of something longer, as in `Authorization: Basic` of `user:secret`.
 * They depend on where it begins within three bytes; those that its neighbours have bits in are left out. The runner
 * masks the same three forms (actions/runner, ValueEncoders.cs).
 */
function withinBase64(text: string, shift: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
  const [first, last] = [Math.ceil((shift * 8) / 6), Math.floor((bytes.length * 8) / 6)]
  return [bytes.toString('base64').slice(first, last), bytes.toString('base64url').slice(first, last)]
}
