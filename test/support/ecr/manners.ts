import {
  type Answer,
  expiredToken,
  invalidToken,
  json,
  notAuthorized,
  notFound,
  notPermitted,
  unknownRepository,
  unsupported,
} from './answers.ts'
import type { Route } from './route.ts'
import type { Caller, Rights } from './tokens.ts'

export interface Asked {
  readonly method: string
  readonly route: Route
  readonly caller: Caller
  /** `http://127.0.0.1:port`, for the realm of the challenge. */
  readonly origin: string
}

/**
 * What ECR answers by itself, in its order: who, may they, is there such a repository.
 * Undefined means that the registry behind answers.
 */
export function judge({ method, route, caller, origin }: Asked, repositories: ReadonlySet<string>): Answer | undefined {
  if (caller.is === 'nobody') return notAuthorized(origin)
  if (caller.is === 'invalid') return invalidToken()
  if (caller.is === 'expired') return expiredToken()
  if (route.kind === 'base') return undefined
  if (route.kind === 'elsewhere') return notFound()
  if (route.kind === 'catalog') return json({ repositories: [...repositories].sort() })

  const action = writeAction(method, route)
  if (action !== undefined && !mayWrite(action, caller.rights)) return notPermitted(action, route.repository)
  if (caller.rights === 'none') return notPermitted('ecr:BatchGetImage', route.repository)
  if (!repositories.has(route.repository)) return unknownRepository(route.repository)
  return method === 'DELETE' ? unsupported() : undefined
}

/** No token of this registry may delete, as a build role should not. */
const mayWrite = (action: string, rights: Rights): boolean => rights === 'push' && action !== 'ecr:BatchDeleteImage'

/** The IAM action behind a request that writes ("Required IAM permissions for pushing an image", ECR user guide). */
function writeAction(method: string, { kind }: Route): string | undefined {
  if (kind === 'manifest' && method === 'PUT') return 'ecr:PutImage'
  if (kind === 'manifest' && method === 'DELETE') return 'ecr:BatchDeleteImage'
  if (kind !== 'upload') return undefined
  if (method === 'POST') return 'ecr:InitiateLayerUpload'
  if (method === 'PATCH') return 'ecr:UploadLayerPart'
  return method === 'PUT' ? 'ecr:CompleteLayerUpload' : undefined
}
