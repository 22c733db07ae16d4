import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { UserError } from '../../src/errors.ts'
import { findCollections } from '../../src/test/newman/collections.ts'
import { runNewman } from '../../src/test/newman/run.ts'
import { openWorld, worker } from './world.ts'

async function openCheckout() {
  const world = await openWorld()
  await mkdir(join(world.root, 'postman'))
  await mkdir(join(world.root, 'node_modules/x'), { recursive: true })
  for (const name of [
    'postman/b.postman_collection.json',
    'postman/a.postman_collection.json',
    'node_modules/x/c.postman_collection.json',
  ]) {
    await world.write(name, '{}')
  }
  return world
}

describe('findCollections', () => {
  test('expands globs sorted, keeps the order of the patterns, names each file once', async () => {
    await using world = await openCheckout()
    const found = await findCollections(['postman/b*.json', '**/*.postman_collection.json'], world.root)
    expect(found.map(file => relative(world.root, file))).toEqual([
      'postman/b.postman_collection.json',
      'postman/a.postman_collection.json',
    ])
  })

  const refused = [
    [
      'nothing found',
      'postman/A.postman_collection.json',
      /^newman: postman\/A\.postman_collection\.json finds no collection; there are: postman\/a\.postman_collection\.json, postman\/b\.postman_collection\.json$/,
    ],
    ['a directory', 'postman', /^newman: postman is a directory; give the collections in it: postman\/\*\.json$/],
    ['a path above', '../*/x.json', /^newman: \.\.\/newman-test-.*\/x\.json leads outside of the repository/],
    ['a link', 'link.json', /^newman: link\.json leads outside of the repository \(.*\/x\.json\); copy it in$/],
  ] as const
  test.each(refused)('refuses %s', async (_, pattern, message) => {
    await using world = await openCheckout()
    await using other = await openWorld()
    await symlink(await other.write('x.json', '{}'), join(world.root, 'link.json'))
    const error = await findCollections([pattern], world.root).catch(thrown => thrown)
    expect(error).toBeInstanceOf(UserError)
    expect(error.message).toMatch(message)
  })

  test('says so when there is no collection at all', async () => {
    await using world = await openWorld()
    await expect(findCollections(['*.json'], world.root)).rejects.toThrow(
      'newman: *.json finds no collection; no *.postman_collection.json is in the repository',
    )
  })
})

describe('a file that can’t be run', () => {
  const cases = [
    ['missing', 'gone.json', undefined, 'gone.json: no such file; give the path of a Postman collection v2.1'],
    ['a directory', '.', undefined, ': not a file; give the path of a Postman collection v2.1'],
    ['empty', 'empty.json', ' \n', 'empty.json: empty; expected a Postman collection v2.1'],
    ['not JSON', 'bad.json', '{"a":1\n"b":2}', 'bad.json:2:1: not valid JSON: unexpected token String'],
  ] as const
  test.each(cases)('%s', async (_, name, content, message) => {
    await using world = await openWorld()
    if (content !== undefined) await writeFile(join(world.root, name), content)
    const request = { collection: join(world.root, name), variables: {}, timeout: 1_000, worker }
    const error = await runNewman(request, world.scope).catch(thrown => thrown)
    expect([error.name, error.message]).toEqual(['UserError', message])
  })
})
