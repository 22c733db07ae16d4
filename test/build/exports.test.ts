import { expect, it } from '@jest/globals'
import { besideOthers, named } from '../../src/build/exports.ts'

it.each([
  ['type=local,dest=out', 'type=local,dest=out/linux_arm64'],
  ['type=oci,dest=made/image.tar', 'type=oci,dest=made/image-linux_arm64.tar'],
  ['type=tar,"dest=a,b"', 'type=tar,"dest=a,b-linux_arm64"'],
  ['type=cacheonly', 'type=cacheonly'],
])('of several platforms each has outputs of its own: %s', (output, own) => {
  expect(besideOthers([output], 'linux/arm64')).toEqual([own])
})

it.each([
  ['type=docker,dest=image.tar', 'type=docker,dest=image.tar,"name=acme/web:1.2,ghcr.io/acme/web:1.2"'],
  ['type=oci,"dest=a,b.tar"', 'type=oci,"dest=a,b.tar","name=acme/web:1.2,ghcr.io/acme/web:1.2"'],
  ['type=docker,dest=image.tar,name=mine:1', 'type=docker,dest=image.tar,name=mine:1'],
  ['type=local,dest=out', 'type=local,dest=out'],
  ['type=tar,dest=root.tar', 'type=tar,dest=root.tar'],
  ['out', 'out'],
])('an archive of an image bears its names, but for one of its own: %s', (output, own) => {
  expect(named([output], ['acme/web:1.2', 'ghcr.io/acme/web:1.2'])).toEqual([own])
})
