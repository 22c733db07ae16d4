import type { Revision } from '../../src/record/record.ts'
import type { Facts } from '../../src/run/facts.ts'

const commit = '90dd6032fac8bda1b6c4436a2e65de27961ed071'

/** A branch push of a repository without tags, at a fixed time. */
const usual: Facts = {
  revision: { commit, ref: 'refs/heads/main', dirty: false, committed: '2020-01-10T00:30:00.000Z' },
  event: 'push',
  sha: commit,
  base: '',
  defaultBranch: 'main',
  repository: { url: 'https://github.com/acme/web', name: 'web' },
  tags: [],
  tagsComplete: true,
  now: '2020-01-10T15:25:50.000Z',
  shortSha: 7,
  levels: ['manifest'],
}

interface Told extends Partial<Omit<Facts, 'revision'>> {
  readonly revision?: Partial<Revision>
}

/** The usual facts with others over them. */
export const factsOf = ({ revision = {}, ...told }: Told = {}): Facts => ({
  ...usual,
  sha: revision.commit ?? commit,
  ...told,
  revision: { ...usual.revision, ...revision },
})

/** The facts of a ref: `refs/tags/v1.2.3`. */
export const at = (ref: string, told: Told = {}): Facts => factsOf({ ...told, revision: { ...told.revision, ref } })
