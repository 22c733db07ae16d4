import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from './ecr/ecr.ts'
import { basic, digestOf, locationOf, type RawClient, rawClient } from './ecr/raw.ts'
import { createTokens } from './ecr/tokens.ts'

let ecr: Ecr
let client: RawClient

beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web', 'acme/cache'], immutable: ['acme/web'] })
  client = rawClient(ecr.host, ecr.token)
}, 90_000)
afterAll(() => ecr[Symbol.asyncDispose]())

async function read(answer: Promise<Response>) {
  const response = await answer
  return { status: response.status, body: await response.text() }
}
const refusal = (status: number, code: string, message: string) => ({
  status,
  body: JSON.stringify({ errors: [{ code, message }] }),
})
const get = (path: string, authorization?: string) =>
  fetch(`http://${ecr.host}${path}`, authorization ? { headers: { authorization } } : {})

describe('who asks', () => {
  it('challenges a request without a password, in text', async () => {
    const answer = await get('/v2/')
    expect({
      status: answer.status,
      challenge: answer.headers.get('www-authenticate'),
      version: answer.headers.get('docker-distribution-api-version'),
      type: answer.headers.get('content-type'),
      body: await answer.text(),
    }).toEqual({
      status: 401,
      challenge: `Basic realm="http://${ecr.host}/",service="ecr.amazonaws.com"`,
      version: 'registry/2.0',
      type: 'text/plain; charset=utf-8',
      body: 'Not Authorized\n',
    })
  })

  it('knows no user but AWS', async () => {
    expect(await read(get('/v2/', basic(ecr.token, 'root')))).toEqual({ status: 401, body: 'Not Authorized\n' })
  })

  it('answers 400 to a password it did not give', async () => {
    const answer = refusal(400, 'DENIED', 'Your Authorization Token is invalid.')
    expect(await read(get('/v2/', basic('wrong')))).toEqual(answer)
  })

  it('answers 403 to an expired password', async () => {
    const token = ecr.issue('push')
    ecr.expire(token)
    const answer = refusal(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.')
    expect(await read(get('/v2/', basic(token)))).toEqual(answer)
  })

  it('lets a pull password pull, and names the action it lacks', async () => {
    const puller = rawClient(ecr.host, ecr.issue('pull'))
    await client.image('acme/cache', 'pullable', 'layer')
    expect((await puller.ask('acme/cache/manifests/pullable')).status).toBe(200)
    expect(await read(puller.ask('acme/cache/blobs/uploads/', { method: 'POST' }))).toEqual(
      refusal(
        403,
        'DENIED',
        'User: arn:aws:sts::123456789012:assumed-role/ci/build is not authorized to perform: ecr:InitiateLayerUpload ' +
          'on resource: arn:aws:ecr:us-east-1:123456789012:repository/acme/cache ' +
          'because no identity-based policy allows the ecr:InitiateLayerUpload action',
      ),
    )
  })
})

describe('what a password opens', () => {
  it('may be nothing but the door', async () => {
    const { ask } = rawClient(ecr.host, ecr.issue('none'))
    await client.image('acme/cache', 'closed', 'layer')
    expect((await ask('')).status).toBe(200)
    const refused = await ask('acme/cache/manifests/closed')
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('ecr:BatchGetImage')])
  })

  it('ends in time', async () => {
    const statuses = [60_000, -1].map(async left => {
      const { ask } = rawClient(ecr.host, ecr.issue('pull', new Date(Date.now() + left)))
      return (await ask('')).status
    })
    expect(await Promise.all(statuses)).toEqual([200, 403])
  })

  it('is every registry that shares passwords, and the repositories that are made later', async () => {
    const tokens = createTokens()
    await using one = await openEcr({ repositories: [], tokens })
    await using two = await openEcr({ repositories: [], tokens })
    two.put('acme/late', 'immutable')
    const { image } = rawClient(two.host, one.token)
    expect((await image('acme/late', 'v1', 'one')).status).toBe(201)
    expect((await image('acme/late', 'v1', 'two')).status).toBe(400)
    two.put('acme/late', 'mutable')
    expect((await image('acme/late', 'v1', 'two')).status).toBe(201)
  })
})

describe('what is asked for', () => {
  it('has no other repositories', async () => {
    const sentence = "The repository with name 'acme/api' does not exist in the registry with id '123456789012'"
    const answer = refusal(404, 'NAME_UNKNOWN', sentence)
    expect(await read(client.ask('acme/api/manifests/v1'))).toEqual(answer)
    expect(await read(client.ask('acme/api/blobs/uploads/', { method: 'POST' }))).toEqual(answer)
  })

  it('tells an empty repository from an unknown one', async () => {
    await using empty = await openEcr({ repositories: ['acme/new'] })
    const { ask } = rawClient(empty.host, empty.token)
    expect(await read(ask('acme/new/tags/list'))).toEqual({ status: 200, body: '{"name":"acme/new","tags":[]}' })
    const answer = refusal(404, 'MANIFEST_UNKNOWN', 'Requested image not found')
    expect(await read(ask('acme/new/manifests/v1'))).toEqual(answer)
    expect(await empty.tags('acme/new')).toEqual([])
  })

  it.each(['/v1/', '/v2/acme/web/nothing'])('does not know the path %s', async path => {
    expect(await read(client.ask(path))).toEqual({ status: 404, body: '404 page not found\n' })
  })

  it('deletes nothing', async () => {
    const one = digestOf(Buffer.from('one'))
    const manifest = await read(client.ask(`acme/cache/manifests/${one}`, { method: 'DELETE' }))
    expect(manifest.status).toBe(403)
    expect(manifest.body).toContain('ecr:BatchDeleteImage')
    expect((await client.ask(`acme/cache/blobs/${one}`, { method: 'DELETE' })).status).toBe(405)
  })
})

describe('tags', () => {
  const taken = refusal(
    400,
    'TAG_INVALID',
    "The image tag 'v1' already exists in the 'acme/web' repository and cannot be overwritten because the tag is immutable.",
  )

  it('refuses an immutable tag once it is taken, even by the same image, but not a digest', async () => {
    const first = await client.image('acme/web', 'v1', 'one')
    const { digest, mediaType, bytes } = await ecr.manifest('acme/web', 'v1')
    expect({ status: first.status, digest, mediaType }).toEqual({
      status: 201,
      digest: digestOf(bytes),
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
    })
    expect(await read(client.image('acme/web', 'v1', 'two'))).toEqual(taken)
    expect(await read(client.image('acme/web', 'v1', 'one'))).toEqual(taken)
    expect((await client.image('acme/web', digest, 'one')).status).toBe(201)
    expect((await ecr.manifest('acme/web', 'v1')).digest).toBe(digest)
  })

  it('gives an immutable tag to one of two that push it at once', async () => {
    const both = await Promise.all(['a', 'b'].map(layer => client.image('acme/web', 'race', layer)))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 400])
  })

  it('moves a mutable tag', async () => {
    await client.image('acme/cache', 'latest', 'one')
    expect((await client.image('acme/cache', 'latest', 'two')).status).toBe(201)
    expect(await ecr.tags('acme/cache')).toContain('latest')
  })
})

it('mounts a blob from another repository, and keeps uploads passing through', async () => {
  const digest = await client.blob('acme/cache', Buffer.from('shared'))
  const mounted = await client.ask(`acme/web/blobs/uploads/?mount=${digest}&from=acme/cache`, { method: 'POST' })
  expect(mounted.status).toBe(201)
  expect(locationOf(mounted)).toBe(`http://${ecr.host}/v2/acme/web/blobs/${digest}`)
  const elsewhere = await client.ask(`acme/web/blobs/uploads/?mount=${digest}&from=acme/api`, { method: 'POST' })
  expect(locationOf(elsewhere)).toMatch(`http://${ecr.host}/v2/acme/web/blobs/uploads/`)
})
