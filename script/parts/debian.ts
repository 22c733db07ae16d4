import { aptInstall } from './apt.ts'
import type { Found, Part, Setup } from './part.ts'
import { ask } from './run.ts'

interface Wanted {
  /** of the program, and of its package */
  readonly name: string
  /** what makes it tell its version; `--version` when absent */
  readonly ask?: readonly [string, ...string[]]
  readonly without: string
}

/** A program for tests alone, as the distribution has it: any version does. */
export function debianPart({ name, ask: argv = [name, '--version'], without }: Wanted): Part {
  const look = async (setup: Setup, how: Found['how']): Promise<Found | undefined> => {
    const version = (await ask(setup, ...argv))?.match(/\d+\.\d+(\.\d+)?/)?.[0]
    return version === undefined ? undefined : { how, version, where: 'PATH' }
  }
  return {
    name,
    goals: ['test'],
    without,
    probe: setup => look(setup, 'found'),
    async install(setup) {
      await aptInstall(setup, [name])
      const found = await look(setup, 'installed')
      if (found === undefined) throw new Error(`${name} does not start although it was installed`)
      return found
    },
  }
}
