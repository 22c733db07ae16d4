import type { Scope } from '../task/scope.ts'
import type { Credentials } from './client.ts'
import type { Retrying } from './retry.ts'

/** What is asked of STS. Names as in aws-actions/configure-aws-credentials where the meaning is the same. */
export interface RoleRequest {
  readonly role: string | undefined
  readonly region: string
  readonly sessionName: string
  /** seconds */
  readonly duration: number | undefined
  readonly externalId: string | undefined
  /** assume the role with the credentials that are there, not with GitHub's token */
  readonly chaining: boolean
  /** JSON */
  readonly inlinePolicy: string | undefined
  readonly managedPolicies: readonly string[]
  readonly audience: string
  /** accounts that may be used; any when empty */
  readonly allowedAccounts: readonly string[]
  /** serve in place of those of the machine, where no role is assumed */
  readonly keys?: Credentials | undefined
  /** STS by the same kind of endpoint as ECR */
  readonly fips?: boolean
  readonly dualStack?: boolean
}

/** Who we are to AWS. */
export interface Identity {
  readonly account: string
  readonly arn: string
  /** of STS */
  readonly region: string
  readonly credentials: Credentials
  /** false: whom the machine has credentials of (environment, profile, EC2, ECS, EKS) */
  readonly assumed: boolean
}

/** What a call to AWS needs of the world. */
export type Around = Pick<Scope, 'say' | 'signal' | 'mask'> &
  Retrying & { readonly env: Readonly<{ [name: string]: string | undefined }> }
