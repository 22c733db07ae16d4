import { generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'

/** A key that signs tokens, and its public half as a JWKS lists it. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  /** RFC 7517, with the members that GitHub's JWKS has, without certificates. */
  readonly jwk: Readonly<Record<string, unknown>>
}

const generate = promisify(generateKeyPair)

export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 })
  const kid = randomBytes(20).toString('hex').toUpperCase()
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } }
}

/** A JWT in compact form (RFC 7515), signed with RS256. */
export function signToken({ kid, privateKey }: SigningKey, claims: object): string {
  const text = [{ typ: 'JWT', alg: 'RS256', kid }, claims].map(encode).join('.')
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
