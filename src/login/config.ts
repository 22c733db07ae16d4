import { z } from 'zod'
import { listOf } from '../schema/fields.ts'

/** A registry host, with a port where it needs one: `ghcr.io`, `123456789012.dkr.ecr.eu-west-1.amazonaws.com`. */
export const registryHostSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i, 'a registry host such as ghcr.io, without a scheme or a path')

/** Inputs of the login action. */
export const loginConfigSchema = z.strictObject({
  registries: listOf(registryHostSchema).describe('Registry hosts to log in to, one a line'),
  username: z.string().min(1).describe('User name for the registries'),
  password: z.string().min(1).describe('Password or token for the registries'),
})
export type LoginConfig = z.output<typeof loginConfigSchema>
