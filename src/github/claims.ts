import { z } from 'zod'

/** The claims of GitHub's ID token that a trust policy may ask for (docs.github.com, "OpenID Connect reference"). */
const claimsSchema = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  sub: z.string(),
  exp: z.number().optional(),
  iat: z.number().optional(),
  nbf: z.number().optional(),
  ref: z.string().optional(),
  environment: z.string().optional(),
  repository: z.string().optional(),
  repository_id: z.string().optional(),
  repository_owner: z.string().optional(),
  repository_owner_id: z.string().optional(),
  event_name: z.string().optional(),
  job_workflow_ref: z.string().optional(),
  workflow_ref: z.string().optional(),
})
export type Claims = z.infer<typeof claimsSchema>

/** Pure: the claims of a token, unverified: they are our own, for a message. Undefined when it is no JWT. */
export function readClaims(token: string): Claims | undefined {
  try {
    const [, payload = ''] = token.split('.')
    return claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
  } catch {
    return undefined
  }
}
