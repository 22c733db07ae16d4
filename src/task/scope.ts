/** A run as tasks see it. `directory` holds its parts, logs and private files. */
interface Run {
  readonly id: string
  readonly directory: string
}

export interface Credentials {
  readonly username: string
  readonly password: string
}

/** What a task may touch. A scope belongs to one task of one run. */
export interface Scope {
  readonly run: Run
  /** the checkout: absolute path */
  readonly context: string
  /** path of the program that runs a Postman collection: a file of its own, since it runs in a process of its own */
  readonly newmanWorker: string
  /** the environment for programs: without AWS, GitHub and Actions tokens */
  readonly env: Readonly<Record<string, string | undefined>>
  /** the environment of this process, with its rights: for tasks that log in, never for a program */
  readonly rights: Readonly<Record<string, string | undefined>>
  /** aborted at the task's deadline and when the run is cancelled */
  readonly signal: AbortSignal
  /** the value of a secret by its name (`NPM_TOKEN`), masked before it is given; undefined when it is not set */
  secret(name: string): string | undefined
  /** the login for a push or for pulls, as the user gave it; undefined when the user's own Docker configuration serves */
  credentials(use: 'push' | 'pull'): Credentials | undefined
  say(line: string): void
  mask(secret: string): void
}
