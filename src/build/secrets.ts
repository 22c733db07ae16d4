import { UserError } from '../errors.ts'
import type { Scope } from '../task/scope.ts'
import type { BuildConfig } from './config.ts'

/** The environment that hands a build its secrets. @throws UserError for a secret that is empty. */
export function secretsOf({ secrets }: BuildConfig, scope: Scope): Record<string, string> {
  return Object.fromEntries(
    secrets.map(name => {
      const value = scope.secret(name)
      if (value === undefined || value === '') throw new UserError(emptySecret(name))
      return [name, value]
    }),
  )
}

const emptySecret = (name: string): string =>
  `build.secrets: the secret ${name} is empty\nSet the environment variable ${name} (on GitHub: env: { ${name}: a secret }); forks' pull requests get no secrets.`
