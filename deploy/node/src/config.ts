import { type LogLevel, logLevels } from './log.ts'

export interface Config {
  readonly databaseUrl: string
  readonly redisUrl: string
  /** 0 lets the operating system choose a free port. */
  readonly port: number
  /** Where users reach the app: short links begin with it. No slash at the end. */
  readonly publicUrl: string
  readonly logLevel: LogLevel
}

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment is not usable. The message names every problem, never a value that may hold a password. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(
      ['Cannot start: the environment is incomplete or wrong.', ...problems.map(problem => `  ${problem}`)].join('\n'),
    )
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** Reads the whole configuration of the server. Throws one ConfigError with every problem in it. */
export function parseConfig(env: Environment): Config {
  const problems: string[] = []
  const databaseUrl = parseUrl(env, 'DATABASE_URL', databaseExample, problems)
  const redisUrl = parseUrl(env, 'REDIS_URL', redisExample, problems)
  const port = parsePort(env, problems)
  const publicUrl = env.PUBLIC_URL ? parseUrl(env, 'PUBLIC_URL', publicExample, problems) : `http://localhost:${port}`
  const logLevel = parseLogLevel(env, problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return { databaseUrl, redisUrl, port, publicUrl: publicUrl.replace(/\/+$/, ''), logLevel }
}

/** Reads the one variable that migrations and seeds need. */
export function parseDatabaseUrl(env: Environment): string {
  const problems: string[] = []
  const databaseUrl = parseUrl(env, 'DATABASE_URL', databaseExample, problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return databaseUrl
}

interface UrlExample {
  readonly protocols: readonly string[]
  readonly example: string
}

const databaseExample = {
  protocols: ['postgres:', 'postgresql:'],
  example: 'postgres://user:password@db:5432/shortener',
}
const redisExample = { protocols: ['redis:', 'rediss:'], example: 'redis://redis:6379' }
const publicExample = { protocols: ['http:', 'https:'], example: 'https://sho.rt' }

function parseUrl(env: Environment, name: string, { protocols, example }: UrlExample, problems: string[]): string {
  const value = env[name] ?? ''
  if (value === '') problems.push(`${name} is not set. Example: ${example}`)
  else if (!protocols.includes(URL.parse(value)?.protocol ?? ''))
    problems.push(`${name} is not a URL that begins with ${protocols.join('// or ')}//. Example: ${example}`)
  return value
}

function parsePort(env: Environment, problems: string[]): number {
  const value = env.PORT || '4000'
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (!(port <= 65_535)) problems.push(`PORT is "${value}", but must be a whole number from 0 to 65535.`)
  return port
}

function parseLogLevel(env: Environment, problems: string[]): LogLevel {
  const value = env.LOG_LEVEL || 'info'
  const level = logLevels.find(name => name === value)
  if (!level) problems.push(`LOG_LEVEL is "${value}", but must be one of ${logLevels.join(', ')}.`)
  return level ?? 'info'
}
