import type { ComposeDocument, ComposeService } from '../docker/compose.ts'
import type { ServicesConfig } from './config.ts'
import { literalValues } from './literal.ts'

interface Preset {
  readonly image: RegExp
  readonly service: ComposeService
  /** the variable by which apps find the service */
  readonly variable: (name: string) => Readonly<Record<string, string>>
}

const health = (test: readonly string[]) => ({ test, interval: '500ms', timeout: '2s', retries: 120 })

/** Services that are started well without further words: a health check, data in memory, a variable for the app. */
const presets: readonly Preset[] = [
  {
    image: /(^|\/)postgres(:|@|$)/,
    service: {
      environment: { POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'postgres', POSTGRES_DB: 'postgres' },
      tmpfs: ['/var/lib/postgresql/data'],
      // Over TCP: the image first starts a server for its init scripts, which listens on the socket alone.
      healthcheck: health(['CMD', 'pg_isready', '-h', '127.0.0.1', '-U', 'postgres']),
    },
    variable: name => ({ DATABASE_URL: `postgres://postgres:postgres@${name}:5432/postgres` }),
  },
  {
    image: /(^|\/)(redis|valkey)(:|@|$)/,
    service: { healthcheck: health(['CMD-SHELL', 'redis-cli ping | grep -q PONG']) },
    variable: name => ({ REDIS_URL: `redis://${name}:6379` }),
  },
]

/** Pure: a Compose document from the `services` section. */
export function renderServices(services: ServicesConfig): ComposeDocument {
  const rendered = Object.entries(services).map(([name, { image, env }]) => {
    const preset = presets.find(one => one.image.test(image))?.service ?? {}
    return [name, { ...preset, image, environment: { ...preset.environment, ...literalValues(env) } }] as const
  })
  return { services: Object.fromEntries(rendered) }
}

/** Pure: how the app finds the services of the `services` section. */
export const variablesOf = (services: ServicesConfig): Readonly<Record<string, string>> =>
  Object.assign(
    {},
    ...Object.entries(services).map(([name, { image }]) => presets.find(one => one.image.test(image))?.variable(name)),
  )
