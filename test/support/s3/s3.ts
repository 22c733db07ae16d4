import { randomBytes } from 'node:crypto'
import { type Authenticated, authenticate, type Flaw, SignatureFlaw } from '../aws/authenticate.ts'
import { type Clock, createClock } from '../aws/clock.ts'
import { createFaults, type FaultRule } from '../aws/faults.ts'
import { createKeyring, explainDenial, type Keyring, type Keys } from '../aws/keyring.ts'
import { allow, type PolicyDocument } from '../aws/policy.ts'
import { Refusal } from '../aws/refusal.ts'
import { type Answer, type Asked, type Call, openServer } from '../aws/server.ts'
import { errorAnswer, refusals, type S3Failure, s3Failures } from './answers.ts'
import { type Bucket, createBucket } from './bucket.ts'
import { perform } from './perform.ts'
import { type Action, type Route, routeOf } from './route.ts'

interface S3Options {
  /** The only buckets that there are. */
  readonly buckets: readonly string[]
  /** Theirs; `eu-west-1` when absent. */
  readonly region?: string
  readonly clock?: Clock
}

/** Simple Storage Service, as far as a client of objects asks for it, addressed by path. */
export interface S3 extends AsyncDisposable {
  readonly origin: string
  readonly region: string
  readonly log: readonly Call[]
  readonly keyring: Keyring
  /** Keys that may do this (all of S3 when absent), for so many seconds, or lasting ones. */
  issue(policy?: PolicyDocument, seconds?: number): Keys
  /** Keys of the objects of a bucket, sorted. */
  objects(bucket: string): readonly string[]
  /** Makes every object this much older, in ms. */
  age(milliseconds: number): void
  /** Empties every bucket. */
  clear(): void
  /** Actions are named as in the API. */
  fault(rule: FaultRule<S3Failure>): Disposable
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens it on a free port of 127.0.0.1. Buckets, signatures and policies are checked. */
export async function openS3({ buckets, region = 'eu-west-1', clock = createClock() }: S3Options): Promise<S3> {
  const kept = new Map(buckets.map(name => [name, createBucket()]))
  const keyring = createKeyring(clock)
  const faults = createFaults<S3Failure>()
  const log: Call[] = []
  const server = await openServer({
    name: 's3',
    log,
    clock,
    faults,
    failures: s3Failures,
    nameAction: asked => routeOf(asked).action,
    answer(asked) {
      try {
        return answer(asked, { buckets: kept, region, keyring, now: clock.now() })
      } catch (error) {
        return errorAnswer(explain(error))
      }
    },
  })
  return {
    ...server,
    region,
    log,
    keyring,
    issue: (policy = allow('s3:*'), seconds) => keyring.issue(userWith(policy), seconds),
    objects: bucket => [...(kept.get(bucket)?.objects.keys() ?? [])].sort(),
    age(milliseconds) {
      for (const { objects } of kept.values())
        for (const [key, object] of objects) objects.set(key, { ...object, modified: object.modified - milliseconds })
    },
    clear() {
      for (const { objects, uploads } of kept.values()) {
        objects.clear()
        uploads.clear()
      }
    },
    fault: faults.add,
  }
}

const userWith = (policy: PolicyDocument) => {
  const [account, name] = ['123456789012', `cache-${randomBytes(3).toString('hex')}`]
  const arn = `arn:aws:iam::${account}:user/${name}`
  return { partition: 'aws', account, arn, names: [arn], userId: 'AIDACKCEVSQ6C2EXAMPLE', policies: [policy] }
}

interface Shop {
  readonly buckets: ReadonlyMap<string, Bucket>
  readonly region: string
  readonly keyring: Keyring
  readonly now: number
}

/** In S3's order: who, is there such a bucket, may they. */
function answer(asked: Asked, { buckets, region, keyring, now }: Shop): Answer {
  const door = { service: 's3', serves: (asked: string) => asked === region, keyring, now, tolerance: 15 }
  if (asked.headers.authorization !== undefined && asked.headers['x-amz-content-sha256'] === undefined)
    throw refusals.InvalidRequest('Missing required header for this request: x-amz-content-sha256')
  const caller = authenticate(asked, door)
  const route = routeOf(asked)
  const bucket = buckets.get(route.bucket)
  if (bucket === undefined) throw refusals.NoSuchBucket()
  if (route.action !== '') permit(caller, rights[route.action], route)
  return perform({
    asked,
    route,
    bucket,
    now,
    lists: explainDenial(caller.keys.principal, 's3:ListBucket', `arn:aws:s3:::${route.bucket}`) === undefined,
    source(name, key) {
      permit(caller, 's3:GetObject', { bucket: name, key })
      const found = buckets.get(name)?.objects.get(key)
      if (found === undefined) throw refusals.NoSuchKey()
      return found
    },
  })
}

/** "Required permissions for Amazon S3 API operations", S3 user guide. */
const rights: Readonly<Record<Exclude<Action, ''>, string>> = {
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  CopyObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
}

function permit({ keys }: Authenticated, right: string, { bucket, key }: Pick<Route, 'bucket' | 'key'>): void {
  const why = explainDenial(keys.principal, right, `arn:aws:s3:::${bucket}/${key}`)
  if (why !== undefined) throw new Refusal('AccessDenied', why, 403)
}

const explain = (error: unknown): Refusal => {
  if (error instanceof SignatureFlaw) return flaws[error.flaw](error)
  if (error instanceof Refusal) return error
  throw error
}

const malformed = ({ message }: Error): Refusal =>
  new Refusal('AuthorizationHeaderMalformed', `The authorization header is malformed; ${message}`)

/** In S3's words, which are others than those of the rest of AWS. */
const flaws: Readonly<Record<Flaw, (flaw: SignatureFlaw) => Refusal>> = {
  missing: refusals.AccessDenied,
  incomplete: malformed,
  scope: malformed,
  time: refusals.RequestTimeTooSkewed,
  'unknown key': refusals.InvalidAccessKeyId,
  expired: refusals.ExpiredToken,
  mismatch: refusals.SignatureDoesNotMatch,
}
