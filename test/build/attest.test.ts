import { describe, expect, it } from '@jest/globals'
import { attestFlags, isAttested } from '../../src/build/attest.ts'

const here = { isPublic: false, run: undefined }
const run = 'https://github.com/acme/web/actions/runs/7/attempts/1'

describe('attestations of a build', () => {
  type Wish = Parameters<typeof attestFlags>[0]
  const cases: readonly [string, Wish, Partial<typeof here> | { run: string }, string, string][] = [
    ['none by default', {}, {}, 'false', 'false'],
    ['none when they are off', { provenance: false, sbom: false }, {}, 'false', 'false'],
    ['the small provenance of a private repository', { provenance: true }, {}, 'mode=min', 'false'],
    ['the whole one of a public repository', { provenance: true }, { isPublic: true }, 'mode=max', 'false'],
    ['a mode that is named', { provenance: 'mode=max' }, {}, 'mode=max', 'false'],
    ['the run as the builder', { provenance: true }, { run }, `mode=min,builder-id=${run}`, 'false'],
    ['a builder that is named', { provenance: 'builder-id=us' }, { run }, 'builder-id=us', 'false'],
    ['no builder of no provenance', { sbom: true }, { run }, 'false', 'true'],
    ['another generator', { sbom: 'generator=acme/scanner' }, {}, 'false', 'generator=acme/scanner'],
    ['a list', { attests: ['type=provenance,mode=max', 'type=sbom'] }, {}, 'mode=max', 'true'],
    ['a list, its type last', { attests: ['mode=max,type=provenance'] }, {}, 'mode=max', 'false'],
    ['the last of a type', { attests: ['type=sbom', 'type=sbom,generator=a/b'] }, {}, 'false', 'generator=a/b'],
    ['one that the list turns off', { attests: ['type=provenance,disabled=true'] }, {}, 'false', 'false'],
    ['a key before the list', { provenance: false, attests: ['type=provenance'] }, {}, 'false', 'false'],
  ]
  it.each(cases)('%s', (_, wish, about, provenance, sbom) => {
    expect(attestFlags(wish, { ...here, ...about })).toEqual([`--provenance=${provenance}`, `--sbom=${sbom}`])
    expect(isAttested(wish)).toBe(provenance !== 'false' || sbom !== 'false')
  })
})
