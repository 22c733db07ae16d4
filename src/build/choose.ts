import { UserError } from '../errors.ts'
import { type BuilderConfig, containerKeys, isGiven } from './builder-config.ts'

/** What is asked of a builder: the section, and what of the builds only BuildKit's own builders do. */
export interface BuilderWish {
  readonly config: BuilderConfig
  /** settings, in the user's words: `reproducible` */
  readonly needs: readonly string[]
  /** what the builds ask to be allowed: `security.insecure` */
  readonly allow: readonly string[]
}

/** How the engine keeps images: `classic` can't build for another platform, nor push what it built by digest. */
export type Store = 'containerd' | 'classic'

export interface Choice {
  /** `existing`: one that the user made */
  readonly driver: 'docker' | 'docker-container' | 'remote' | 'kubernetes' | 'existing'
  /** "docker-container, since the engine has the classic image store" */
  readonly why: string
}

const called = { docker: 'the engine’s own', remote: 'remote', kubernetes: 'kubernetes' } as const

/**
 * Pure: which builder serves, and why, in one line. @throws UserError when the one that is asked for can't: the engine's
 * own with the classic image store.
 */
export function chooseBuilder({ store }: { readonly store: Store }, { config, ...wish }: BuilderWish): Choice {
  const { driver, name, endpoint } = config
  // The engine's own builder has no setting for it, other than in its daemon.json.
  const needs = [
    ...wish.needs,
    ...wish.allow.filter(right => right === 'security.insecure').map(right => `build.allow: ${right}`),
  ]
  if (name !== undefined) return { driver: 'existing', why: `${name}, as builder.name says` }
  if (driver === 'docker') return chooseOwn(store, needs)
  if (driver !== 'auto') {
    const where = endpoint === undefined ? '' : ` on ${endpoint}`
    return { driver, why: `${driver === 'docker-container' ? driver : called[driver]}${where}, as builder.driver says` }
  }
  const [needed] = [...containerKeys.filter(key => isGiven(config, key)).map(key => `builder.${key}`), ...needs]
  if (needed !== undefined)
    return { driver: 'docker-container', why: `docker-container, since ${needed} asks for more than the engine’s own` }
  return store === 'containerd'
    ? { driver: 'docker', why: `${called.docker} (containerd image store)` }
    : { driver: 'docker-container', why: 'docker-container, since the engine has the classic image store' }
}

function chooseOwn(store: Store, [needed]: readonly string[]): Choice {
  const other = 'Leave builder.driver out, or set it to docker-container.'
  if (store === 'classic')
    throw new UserError(
      `builder.driver: docker can't stage an image: this engine has the classic image store\n${other} Or give the engine the containerd image store: "features": { "containerd-snapshotter": true } in its daemon.json.`,
    )
  if (needed !== undefined) throw new UserError(`builder.driver: docker can't do what ${needed} asks for\n${other}`)
  return { driver: 'docker', why: `${called.docker}, as builder.driver says` }
}
