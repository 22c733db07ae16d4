import { expect, it } from '@jest/globals'
import { besideOthers } from '../../src/build/exports.ts'

it.each([
  ['type=local,dest=out', 'type=local,dest=out/linux_arm64'],
  ['type=oci,dest=made/image.tar', 'type=oci,dest=made/image-linux_arm64.tar'],
  ['type=tar,"dest=a,b"', 'type=tar,"dest=a,b-linux_arm64"'],
  ['type=cacheonly', 'type=cacheonly'],
])('of several platforms each has outputs of its own: %s', (output, own) => {
  expect(besideOthers([output], 'linux/arm64')).toEqual([own])
})
