import { z } from 'zod'
import { commandSchema, durationSchema, pathSchema, someOf, textSchema, variableSchema } from '../schema/fields.ts'

const environment = z.record(variableSchema, textSchema)

/** The `unit` section: unit tests, run in their own target of the Dockerfile, on the services. */
export const unitConfigSchema = z.strictObject({
  target: z.string().min(1).describe('Stage of the Dockerfile that holds the tests'),
  run: commandSchema.optional().describe("Command in that image; the image's own when not given"),
  env: environment.default({}).describe('Environment of the tests, one NAME=value a line'),
  junit: z
    .string()
    .startsWith('/')
    .optional()
    .describe('Where the tests write JUnit inside the container (an absolute path); true counts come from it'),
  timeout: durationSchema.prefault('10 m').describe('Time after which the tests count as broken'),
})
export type UnitConfig = z.output<typeof unitConfigSchema>

const port = 'a port from 1 to 65535'
const portSchema = z.number(port).int(port).min(1, port).max(65_535, port)

/** The `app` section: how the image that ships is started for its tests. */
export const appConfigSchema = z.strictObject({
  port: portSchema.describe('Port on which the app listens'),
  ready: z.string().startsWith('/').default('/').describe('Path that answers 2xx or 3xx once the app is ready'),
  service: z.string().min(1).optional().describe('Service of the compose file that is the app'),
  before: commandSchema.optional().describe('Command run in the image before the app starts, such as migrations'),
  env: environment.default({}).describe('Environment of the app, one NAME=value a line'),
  timeout: durationSchema.prefault('60 s').describe('Time within which the app must be ready'),
})
export type AppConfig = z.output<typeof appConfigSchema>

const newmanFull = z.strictObject({
  collections: someOf(pathSchema).describe('Postman collections: paths or globs'),
  environment: pathSchema.optional().describe('Postman environment'),
  'base-url-variable': z.string().min(1).default('baseUrl').describe('Variable that is set to the address of the app'),
  'min-requests': z.number().int().min(0).default(1).describe('Fewest requests that must have run'),
  'min-assertions': z.number().int().min(0).default(1).describe('Fewest assertions that must have run'),
  timeout: durationSchema.prefault('5 m').describe('Time after which a collection counts as broken'),
})

/** The `newman` section: a glob of collections, a list of them, or all keys. */
export const newmanConfigSchema = z.union([
  someOf(pathSchema).transform(collections => newmanFull.parse({ collections })),
  newmanFull,
])
export type NewmanConfig = z.output<typeof newmanConfigSchema>

const serviceSchema = z.union([
  z
    .string()
    .min(1)
    .transform(image => ({ image, env: {} as Record<string, string> })),
  z.strictObject({
    image: z.string().min(1).describe('Image of the service'),
    env: environment.default({}).describe('Its environment'),
  }),
])

/** The `services` section: services by name, each an image or `{ image, env }`. */
export const servicesConfigSchema = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'a name of lower-case letters, digits, dashes, underscores'),
  serviceSchema,
)
export type ServicesConfig = z.output<typeof servicesConfigSchema>
