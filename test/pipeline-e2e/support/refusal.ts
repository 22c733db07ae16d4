import { dirname } from 'node:path'
import { expect } from '@jest/globals'
import type { Ecr } from '../../support/ecr/ecr.ts'
import type { Checkout } from './checkout.ts'
import { leftovers } from './leftovers.ts'
import { type Ended, pce } from './pce.ts'
import { closingOf } from './words.ts'

/** The login that a push needs, from the environment as users give it. */
export const loginFor = ({ token }: Pick<Ecr, 'token'>) => ({ PCE_USERNAME: 'AWS', PCE_PASSWORD: token })

/** `pce run --push` of something that must not ship: gives its end, and sees that the registry was not even asked. */
export async function runRefused(
  checkout: Checkout,
  ecr: Ecr,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const before = ecr.log.length
  const ended = await pce(checkout, ['run', '--push', '--registries', ecr.host], { ...loginFor(ecr), ...env })
  expect(ecr.log.slice(before)).toEqual([])
  expect(await leftovers(ended)).toEqual([])
  return ended
}

/** Exit code and closing message as one text, so that a test sees all of it at once. */
export const told = (ended: Ended, { directory }: Checkout): string =>
  `exit code ${ended.exitCode}\n${closingOf(ended, { [directory]: 'CHECKOUT', [dirname(directory)]: 'TMP' })}`
