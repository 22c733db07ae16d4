/** One request of AWS's test suite for Signature Version 4, and the signature that it must get. */
export interface Vector {
  readonly name: string
  readonly method: string
  readonly target: string
  /** Besides `Host` and `X-Amz-Date`, which all of them have and sign. */
  readonly headers: readonly string[]
  readonly body: string
  readonly signature: string
}

const vector = (
  name: string,
  method: string,
  target: string,
  signature: string,
  headers: string[] = [],
  body = '',
) => ({
  name,
  method,
  target,
  headers,
  body,
  signature,
})

const letters = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const token =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=='

/**
 * aws-sig-v4-test-suite (Apache-2.0): its signatures by `AKIDEXAMPLE` in us-east-1 for a service named "service".
 * Left out: folded headers, which HTTP has given up, and requests that are there twice.
 */
export const vectors: readonly Vector[] = [
  vector('get-header-key-duplicate', 'GET', '/', 'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea', [
    'My-Header1:value2',
    'My-Header1:value2',
    'My-Header1:value1',
  ]),
  vector('get-header-value-order', 'GET', '/', '08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01', [
    'My-Header1:value4',
    'My-Header1:value1',
    'My-Header1:value3',
    'My-Header1:value2',
  ]),
  vector('get-header-value-trim', 'GET', '/', 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736', [
    'My-Header1: value1',
    'My-Header2: "a   b   c"',
  ]),
  vector('get-unreserved', 'GET', `/${letters}`, '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f'),
  vector('get-vanilla', 'GET', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'),
  vector(
    'get-vanilla-empty-query-key',
    'GET',
    '/?Param1=value1',
    'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
  ),
  vector(
    'get-vanilla-query-order-key',
    'GET',
    '/?Param1=value2&Param1=Value1',
    'eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1',
  ),
  vector(
    'get-vanilla-query-order-key-case',
    'GET',
    '/?Param2=value2&Param1=value1',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ),
  vector(
    'get-vanilla-query-order-value',
    'GET',
    '/?Param1=value2&Param1=value1',
    '5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694',
  ),
  vector(
    'get-vanilla-query-unreserved',
    'GET',
    `/?${letters}=${letters}`,
    '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  ),
  vector(
    'get-vanilla-utf8-query',
    'GET',
    '/?ሴ=bar',
    '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
  ),
  vector('post-header-key-case', 'POST', '/', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'),
  vector('post-header-key-sort', 'POST', '/', 'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c', [
    'My-Header1:value1',
  ]),
  vector('post-header-value-case', 'POST', '/', 'cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d', [
    'My-Header1:VALUE1',
  ]),
  vector('post-vanilla', 'POST', '/', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'),
  vector(
    'post-vanilla-empty-query-value',
    'POST',
    '/?Param1=value1',
    '28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11',
  ),
  vector(
    'post-x-www-form-urlencoded',
    'POST',
    '/',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ['Content-Type:application/x-www-form-urlencoded'],
    'Param1=value1',
  ),
  vector('get-relative', 'GET', '/example/..', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'),
  vector(
    'get-relative-relative',
    'GET',
    '/example1/example2/../..',
    '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  ),
  vector('get-slash', 'GET', '//', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'),
  vector('get-slash-dot-slash', 'GET', '/./', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'),
  vector(
    'get-slash-pointless-dot',
    'GET',
    '/./example',
    'ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5',
  ),
  vector('get-slashes', 'GET', '//example//', '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84'),
  vector('post-sts-header-before', 'POST', '/', '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead', [
    `X-Amz-Security-Token:${token}`,
  ]),
  vector('get-utf8', 'GET', '/ሴ', '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'),
  vector('get-space', 'GET', '/example space/', '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741'),
]
