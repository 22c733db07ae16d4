import type { Keys } from './keys.ts'

/** An archive that was found: the key that it has, and the folder with its files. */
export interface Hit {
  readonly key: string
  readonly folder: string
}

/** Where archives are kept between runs. */
export interface Store {
  readonly name: string
  /** the archive of the key, or the last one of its prefix; may put it into an empty folder. @throws Error: why not */
  fetch(keys: Keys, folder: string, signal: AbortSignal): Promise<Hit | undefined>
  /** keeps the archive in a folder. @throws Error: why not */
  save(keys: Keys, folder: string, signal: AbortSignal): Promise<void>
  /** forgets an archive that can't be used, where that is possible */
  drop(key: string): Promise<void>
}
