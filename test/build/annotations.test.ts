import { expect, it } from '@jest/globals'
import { annotationArgv } from '../../src/build/annotations.ts'

const annotations = {
  manifest: { 'com.acme.list': 'a,b=c', 'com.acme.team': 'web' },
  'manifest[linux/arm64]': { 'com.acme.arm': 'yes' },
  'manifest-descriptor': { a: 'b' },
  index: { a: 'b' },
}
const shared = ['--annotation', 'manifest:com.acme.list=a,b=c', '--annotation', 'manifest:com.acme.team=web']

it.each([
  ['linux/amd64', shared],
  ['native', shared],
  ['linux/arm64', [...shared, '--annotation', 'manifest:com.acme.arm=yes']],
])('a build for %s takes what is about its manifest, and nothing of an index', (platform, argv) => {
  expect(annotationArgv(annotations, platform)).toEqual(argv)
})

it('none where there are none', () => expect(annotationArgv({}, 'linux/amd64')).toEqual([]))
