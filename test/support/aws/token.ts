import { randomBytes } from 'node:crypto'
import type { Ecr } from '../ecr/ecr.ts'
import type { Rights } from '../ecr/tokens.ts'
import { explainDenial, type Principal } from './keyring.ts'
import type { Registry } from './registry.ts'

const life = 12 * 3600_000

interface Asking {
  readonly caller: Principal
  readonly neighbours: readonly Registry[]
  readonly now: number
}

/** `AWS:<password>` for every registry of the region, with the rights that the caller has on any of their repositories. */
export function renderToken({ caller, neighbours, now }: Asking) {
  const resources = neighbours.flatMap(registry =>
    registry.list().map(({ repositoryName }) => registry.arnOf(repositoryName)),
  )
  const rights = readRights(caller, 'ecr', resources)
  const front =
    neighbours.find(registry => registry.account === caller.account)?.front ??
    neighbours.find(registry => registry.front)?.front
  return renderPassword(front, rights, now)
}

export interface Public {
  readonly caller: Principal
  readonly front: Ecr | undefined
  readonly now: number
}

/** ECR Public names no address: its registry is public.ecr.aws. */
export function renderPublicToken({ caller, front, now }: Public) {
  const everything = `arn:aws:ecr-public::${caller.account}:repository/*`
  return renderPassword(front, readRights(caller, 'ecr-public', [everything]), now)
}

function renderPassword(front: Ecr | undefined, rights: Rights, now: number) {
  // The registry goes by this machine's clock, the sentence about the end by AWS's.
  const password = front?.issue(rights, new Date(Date.now() + life)) ?? randomBytes(96).toString('base64')
  return { authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'), expiresAt: (now + life) / 1000 }
}

/** The registry asks IAM about every request; this asks once, about pushing and pulling as a whole. */
function readRights(caller: Principal, service: 'ecr' | 'ecr-public', resources: readonly string[]): Rights {
  const may = (actions: readonly string[]) =>
    resources.some(resource => actions.every(action => !explainDenial(caller, `${service}:${action}`, resource)))
  if (may(['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage'])) return 'push'
  return service === 'ecr-public' || may(['BatchGetImage', 'GetDownloadUrlForLayer']) ? 'pull' : 'none'
}
