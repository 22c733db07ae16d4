import { rm } from 'node:fs/promises'
import type { Digest } from '../record/image.ts'
import { copyImage, openRegctl } from '../registry/regctl.ts'
import type { Scope } from '../task/scope.ts'
import type { Stage } from './output.ts'

/**
 * Copies what a builder gave back as an OCI layout into staging, by digest, and drops the layout. Nothing is to be done
 * for a builder that pushed there itself. @throws OutsideError
 */
export async function bringIn({ stages, repository, layout }: Stage, digest: Digest, scope: Scope): Promise<void> {
  if (stages !== 'layout') return
  const regctl = await openRegctl({ staging: repository, login: { folder: undefined, registries: [] } }, scope)
  await copyImage(`ocidir://${layout}@${digest}`, `${repository}@${digest}`, regctl)
  await rm(layout, { recursive: true, force: true })
}
