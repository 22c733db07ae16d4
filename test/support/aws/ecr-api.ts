import type { Ecr } from '../ecr/ecr.ts'
import { type Authenticated, authenticate, type Door } from './authenticate.ts'
import { type EcrFailure, ecrFailures } from './ecr-failures.ts'
import { createFaults, type FaultRule, type Faults } from './faults.ts'
import { explain, jsonError, jsonResult, nameOperation, readBody, unknownOperation } from './json.ts'
import { operations, performPublic } from './operations.ts'
import { createRegistry, type Registry, type RegistryOptions } from './registry.ts'
import { type Call, openServer, type Server } from './server.ts'
import type { Sts } from './sts.ts'

export interface EcrApiOptions {
  /** Whose keys are known here, and whose clock goes. */
  readonly sts: Pick<Sts, 'keyring' | 'clock'>
  /** A region without a registry is not served. */
  readonly registries: readonly RegistryOptions[]
  /** Behind ECR Public's API. */
  readonly publicFront?: Ecr
  /** Repositories on a page when the client does not say; 100 when absent, as ECR's. */
  readonly pageSize?: number
  readonly log?: Call[]
}

export interface EcrApi extends AsyncDisposable {
  /** For `AWS_ENDPOINT_URL_ECR`, every region's. */
  readonly origin: string
  /** For `AWS_ENDPOINT_URL_ECR_PUBLIC`. */
  readonly publicOrigin: string
  readonly log: readonly Call[]
  /** A registry, to look into. */
  registry(account: string, region: string): Registry
  /** Actions are named as in the API. */
  fault(rule: FaultRule<EcrFailure>): Disposable
  publicFault(rule: FaultRule<EcrFailure>): Disposable
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens the APIs of ECR and of ECR Public. */
export async function openEcrApi(options: EcrApiOptions): Promise<EcrApi> {
  const { sts, log = [], pageSize = 100, publicFront } = options
  const { clock } = sts
  const registries = new Map<string, Registry>()
  const keep = (registry: RegistryOptions): Registry => {
    const made = createRegistry(registry, clock.now())
    registries.set(`${registry.account}/${registry.region}`, made)
    return made
  }
  const find = (account: string, region: string): Registry =>
    registries.get(`${account}/${region}`) ?? keep({ account, region })
  options.registries.forEach(keep)
  const regions = new Set(options.registries.map(({ region }) => region))

  await using opened = new AsyncDisposableStack()
  const faults = createFaults<EcrFailure>()
  const own = opened.use(
    await serve(
      { name: 'ecr', target: 'AmazonEC2ContainerRegistry_V20150921', sts, log, faults },
      {
        serves: region => regions.has(region),
        perform(operation, body, { keys: { principal: caller }, region }) {
          const neighbours = [...registries.values()].filter(registry => registry.region === region)
          const scene = { caller, region, registry: (account: string) => find(account, region), neighbours, pageSize }
          const known = operations[operation]
          if (known === undefined) throw unknownOperation()
          return known(body, { ...scene, now: clock.now() })
        },
      },
    ),
  )
  const publicFaults = createFaults<EcrFailure>()
  const everyones = opened.use(
    await serve(
      { name: 'ecr-public', target: 'SpencerFrontendService', sts, log, faults: publicFaults },
      {
        serves: region => region === 'us-east-1',
        perform: (operation, body, { keys }) =>
          performPublic(operation, body, { caller: keys.principal, front: publicFront, now: clock.now() }),
      },
    ),
  )
  const kept = opened.move()
  return {
    origin: own.origin,
    publicOrigin: everyones.origin,
    log,
    registry: find,
    fault: faults.add,
    publicFault: publicFaults.add,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

interface Front {
  /** The service in the scope of signatures, too. */
  readonly name: 'ecr' | 'ecr-public'
  /** Before the dot of `X-Amz-Target`. */
  readonly target: string
  readonly sts: EcrApiOptions['sts']
  readonly log: Call[]
  readonly faults: Faults<EcrFailure>
}

interface Behind extends Pick<Door, 'serves'> {
  readonly perform: (operation: string, body: object, caller: Authenticated) => object
}

function serve({ name, target, sts, log, faults }: Front, { serves, perform }: Behind): Promise<Server> {
  return openServer({
    name,
    log,
    clock: sts.clock,
    faults,
    failures: ecrFailures,
    nameAction: asked => nameOperation(asked, target),
    answer(asked, operation) {
      try {
        const door = { service: name, serves, keyring: sts.keyring, tolerance: 5, now: sts.clock.now() }
        const caller = authenticate(asked, door)
        return jsonResult(perform(operation, readBody(asked), caller))
      } catch (error) {
        return jsonError(explain(error))
      }
    },
  })
}
