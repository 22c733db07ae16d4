import { UserError } from '../errors.ts'
import { loginConfigSchema } from '../login/config.ts'
import { complaintsOf } from './complaint.ts'
import type { Inputs } from './credentials.ts'
import { messageOf, renderFaults } from './fault.ts'
import { expectation } from './wording.ts'

/** What is wrong with the inputs of the login action, each by its name. */
export function explainLogin(given: object, { from }: Pick<Inputs, 'from'>): UserError {
  const { error } = loginConfigSchema.safeParse(given, { error: expectation })
  const faults = (error?.issues ?? []).flatMap(complaintsOf).map(complaint => ({
    path: [],
    from: from(String(complaint.path[0] === 'section' ? complaint.path[1] : complaint.path[0])),
    message: messageOf(complaint, given, complaint.path),
  }))
  return new UserError(renderFaults(faults, { file: undefined, locate: () => undefined }))
}
