import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from './refusal.ts'

/** An OIDC provider as IAM knows it, in one account. */
export interface Provider {
  /** `https://token.actions.githubusercontent.com` */
  readonly issuer: string
  /** Where its discovery document is served. */
  readonly origin: string
  readonly audiences: readonly string[]
  /** Milliseconds that its keys may take: more than 5 s fail (AWS re:Post, "InvalidIdentityToken"). */
  readonly patience: number
}

const claimsSchema = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  sub: z.string(),
  exp: z.number(),
  iat: z.number(),
  nbf: z.number().optional(),
})
export type IdentityClaims = z.output<typeof claimsSchema>

const headerSchema = z.looseObject({ alg: z.literal('RS256'), kid: z.string() })
const configurationSchema = z.looseObject({ issuer: z.string(), jwks_uri: z.string() })
const jwksSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.literal('RSA') })) })

/** Verifies a web identity token: form, issuer, audience, time, signature. Throws a `Refusal` in AWS's words. */
export async function verifyIdentity(
  token: string,
  { provider, now }: { readonly provider: (issuer: string) => Provider | undefined; readonly now: number },
): Promise<IdentityClaims> {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const { kid } = decode(header, headerSchema)
  const claims = readClaims(decode(payload, z.looseObject({})))
  const known = provider(claims.iss)
  if (known === undefined) throw invalid(`No OpenIDConnect provider found in your account for ${claims.iss}`)
  if (![claims.aud].flat().some(audience => known.audiences.includes(audience)))
    throw invalid('Incorrect token audience')
  const seconds = Math.floor(now / 1000)
  if (claims.exp <= seconds) {
    // The missing blank is AWS's own (aws-orbit-workbench#771).
    const sentence = `Token expired: current date/time ${seconds} must be before the expiration date/time${claims.exp}`
    throw new Refusal('ExpiredTokenException', sentence)
  }
  if (claims.nbf !== undefined && claims.nbf > seconds) throw invalid(unverifiable)
  const key = createPublicKey({ key: await findKey(known, kid), format: 'jwk' })
  if (!verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))) {
    throw invalid(unverifiable)
  }
  return claims
}

const invalid = (message: string): Refusal => new Refusal('InvalidIdentityToken', message)

/** The API model's own words: what STS says of a false signature is not on record. */
export const unverifiable =
  'The web identity token that was passed could not be validated by Amazon Web Services. Get a new identity token ' +
  'from the identity provider and then retry the request.'

export const notAJwt = 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)'

function decode<T>(part: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(part, 'base64url').toString()))
  } catch {
    throw invalid(notAJwt)
  }
}

function readClaims(payload: Record<string, unknown>): IdentityClaims {
  const { data, error } = claimsSchema.safeParse(payload)
  if (data === undefined) throw invalid(`Missing a required claim: ${error?.issues[0]?.path[0]?.toString()}`)
  return data
}

/** Both sentences are AWS's: the doubled blank too (aws-cli#7194). */
export const noVerificationKey =
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity " +
  'documentation for requirements'
export const unreachable =
  'The request could not be fulfilled because the identity provider (IDP) that was asked to verify the incoming ' +
  'identity token could not be reached. This is often a transient error caused by network conditions.'

/** Asks the provider anew each time: what a cache would hide, a test should see. */
async function findKey({ origin, issuer, patience }: Provider, kid: string): Promise<JsonWebKey> {
  const configuration = await read(new URL('/.well-known/openid-configuration', origin), configurationSchema, patience)
  if (configuration.issuer !== issuer) throw invalid(noVerificationKey)
  const { keys } = await read(new URL(configuration.jwks_uri), jwksSchema, patience)
  const found = keys.find(key => key.kid === kid)
  if (found === undefined) throw invalid(noVerificationKey)
  return found
}

async function read<T>(url: URL, schema: z.ZodType<T>, patience: number): Promise<T> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(patience), redirect: 'error' }).catch(() => undefined)
  if (answer === undefined || answer.status >= 500) throw new Refusal('IDPCommunicationError', unreachable)
  const body: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined
  const { data } = schema.safeParse(body)
  if (data === undefined) throw invalid(noVerificationKey)
  return data
}
