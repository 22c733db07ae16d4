import { describe, expect, it } from '@jest/globals'
import { adviceFor, type Cause, causeOf } from '../../src/registry/refusal.ts'

const metadata = 'acme/base:1: failed to resolve source metadata for ghcr.io/acme/base:1: '
const url = 'https://ghcr.io/v2/acme/base/manifests/1'
const status = (words: string) => `${metadata}unexpected status from HEAD request to ${url}: ${words}`
const request = (words: string) => `${metadata}failed to do request: Head "${url}": ${words}`
const digest = `sha256:${'403429500'.repeat(7)}f`

describe('what the words of a registry mean', () => {
  it.each<[string, Cause | undefined]>([
    [status('401 Unauthorized'), 'login wanted'],
    [status('403 Forbidden\ndenied'), 'denied'],
    [status('429 Too Many Requests'), 'rate limit'],
    [status('500 Internal Server Error'), 'server error'],
    [status('502 Bad Gateway'), 'server error'],
    [status('503 Service Unavailable'), 'server error'],
    [status('504 Gateway Timeout'), 'server error'],
    [`${metadata}ghcr.io/acme/base:1: not found`, 'not found'],
    [
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      'no access',
    ],
    [
      'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
      'rate limit',
    ],
    [request('EOF'), 'unreachable'],
    [request('dial tcp 192.0.2.1:443: connect: connection refused'), 'unreachable'],
    [request('read tcp 192.0.2.2:1->192.0.2.1:443: read: connection reset by peer'), 'unreachable'],
    [request('dial tcp 192.0.2.1:443: i/o timeout'), 'unreachable'],
    [request('net/http: TLS handshake timeout'), 'unreachable'],
    [request('dial tcp: lookup ghcr.io on 192.0.2.53:53: server misbehaving'), 'unreachable'],
    [request('dial tcp: lookup ghcr.io on 192.0.2.53:53: no such host'), 'unknown host'],
    [request('tls: failed to verify certificate: x509: certificate signed by unknown authority'), 'certificate'],
    [request('http: server gave HTTP response to HTTPS client'), 'plain HTTP'],
    ['failed to push ghcr.io/acme/web: denied', 'denied'],
    ['failed to push ghcr.io/acme/web: unknown: repository name not known to registry', 'unknown repository'],
    [`failed to load cache key: invalid response status 404`, 'not found'],
    [`failed to load cache key: invalid response status 503`, 'server error'],
    ['request failed: unauthorized [http 401]: {"errors":[{"code":"UNAUTHORIZED"}]}', 'login wanted'],
    ['request failed: unauthorized [http 403]: {"errors":[{"code":"DENIED"}]}', 'denied'],
    ['unexpected http status code: Too Many Requests [http 429]', 'rate limit'],
    ['unexpected http status code: Internal Server Error [http 500]', 'server error'],
    ['{"code":"NAME_UNKNOWN","message":"The repository with name \'acme/web\' does not exist"}', 'unknown repository'],
    ["The image tag 'v1' already exists and cannot be overwritten because the tag is immutable.", 'immutable tag'],
    ['denied: Your authorization token has expired. Reauthenticate and try again.', 'login not taken'],
    ['Push ghcr.io/acme/web: regctl moved no byte for 60 s', 'silent'],
    [`failed to put manifest ghcr.io/acme/web@${digest}`, undefined],
    ['', undefined],
  ])('%s', (words, cause) => expect(causeOf(words)).toBe(cause))

  it('every advice says what to do, also where nothing is known', () => {
    expect([adviceFor(status('401 Unauthorized'), 'pull'), adviceFor('', 'pull'), adviceFor('', 'push')]).toEqual([
      'There are no credentials for this registry: log in before the build, with docker login or a login step.',
      'See that the registry is reachable, then run again.',
      'See that the registry is reachable, then run again: what is there already is not sent twice.',
    ])
  })

  it("a right that is missing on GHCR is one of the job or of the package; elsewhere it is the login's", () => {
    const refused = (host: string) =>
      `failed to send blob post, ref ${host}/acme/web@${digest}: request failed: unauthorized [http 403]: {"errors":[{"code":"DENIED","message":"permission_denied: write_package"}]}`
    expect([adviceFor(refused('ghcr.io'), 'push'), adviceFor(refused('quay.io'), 'push')]).toEqual([
      'The login may not push there: give the job permissions: { packages: write }, and the repository the role Write in the settings of the package.',
      'The login is known but may not push there: look at its rights.',
    ])
    expect(adviceFor(status('403 Forbidden'), 'pull')).toMatch(/packages: read/)
  })
})
