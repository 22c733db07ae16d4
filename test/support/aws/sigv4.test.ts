import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { compactTime } from './clock.ts'
import { parseAuthorization, sign } from './sigv4.ts'
import { vectors } from './sigv4.vectors.ts'

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const scope = { accessKeyId: 'AKIDEXAMPLE', region: 'us-east-1', service: 'service' }

type Data = string | ArrayBuffer | ArrayBufferView
function bytesOf(data: Data): Buffer {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data)
}

describe("AWS's own test suite", () => {
  it.each(vectors)('$name', ({ method, target, headers, body, signature }) => {
    const time = '20150830T123600Z'
    const pairs = ['Host:example.amazonaws.com', `X-Amz-Date:${time}`, ...headers].map(split)
    const signedHeaders = [...new Set(pairs.map(([name]) => name.toLowerCase()))].sort()
    const request = { method, target, rawHeaders: pairs.flat(), body: Buffer.from(body) }
    expect(sign(request, { ...scope, date: '20150830', signedHeaders }, { secret, time })).toBe(signature)
  })

  const split = (header: string): [string, string] => {
    const colon = header.indexOf(':')
    return [header.slice(0, colon), header.slice(colon + 1)]
  }
})

describe("the SDK's signer", () => {
  const signer = new SignatureV4({
    credentials: { accessKeyId: scope.accessKeyId, secretAccessKey: secret, sessionToken: 'session' },
    region: scope.region,
    service: scope.service,
    sha256: class {
      readonly hash: Hash | Hmac
      constructor(key?: Data) {
        this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key))
      }
      update(data: Data) {
        this.hash.update(bytesOf(data))
      }
      async digest() {
        return new Uint8Array(this.hash.digest())
      }
      reset() {}
    },
  })
  const word = fc.string({ minLength: 1, unit: fc.constantFrom(...'aZ09-._~ %/?#&=+!*\'()é"') })

  it('signs whatever request as this does', async () => {
    const requests = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PUT'),
      segments: fc.array(word, { maxLength: 3 }),
      query: fc.dictionary(word, word, { maxKeys: 3 }),
      body: fc.string(),
      value: fc.stringMatching(/^[!-~]+( [!-~]+)*$/),
      at: fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
    })
    await fc.assert(
      fc.asyncProperty(requests, async ({ method, segments, query, body, value, at }) => {
        const path = `/${segments.map(encodeURIComponent).join('/')}`
        const headers = { host: 'example.amazonaws.com', 'x-amz-target': value, 'content-type': 'text/plain' }
        const asked = { method, protocol: 'https:', hostname: 'example.amazonaws.com', path, query, headers, body }
        const signed = await signer.sign(asked, { signingDate: at })
        const parsed = parseAuthorization(signed.headers.authorization ?? '')
        if (parsed === undefined) throw new Error('The header of the signer was not understood')
        const pairs = Object.entries(query).map(pair => pair.map(encodeURIComponent).join('='))
        const request = {
          method,
          target: pairs.length > 0 ? `${path}?${pairs.join('&')}` : path,
          rawHeaders: Object.entries(signed.headers).flat(),
          body: Buffer.from(body),
        }
        expect(sign(request, parsed, { secret, time: compactTime(at.getTime()) })).toBe(parsed.signature)
      }),
    )
  })
})

it.each([
  'Bearer token',
  'AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/ecr/aws4_request',
  `AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/ecr/aws5_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
  `AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/ecr/aws4_request, SignedHeaders=host, Signature=short`,
])('does not take %s for an authorization', header => {
  expect(parseAuthorization(header)).toBeUndefined()
})
