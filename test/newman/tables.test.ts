import { readFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { UserError } from '../../src/errors.ts'
import { parseCollection } from '../../src/test/newman/collection.ts'
import { countsOf } from '../../src/test/newman/counts.ts'
import { columnsOf, parseEnvironment } from '../../src/test/newman/environment.ts'
import { judgeNewman } from '../../src/test/newman/judge.ts'
import { findUndefined, renderUndefined } from '../../src/test/newman/preflight.ts'
import { cleaner, excerptOf, redactor } from '../../src/test/newman/redact.ts'
import type { NewmanReport } from '../../src/test/newman/report.ts'
import { collectionOf, get } from './world.ts'

const source = (content: unknown, path = 'api.json') => ({
  path,
  text: typeof content === 'string' ? content : JSON.stringify(content, null, '\t'),
})

function refusalOf(act: () => unknown): string | undefined {
  try {
    act()
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  return undefined
}

describe('judgeNewman', () => {
  const green: NewmanReport = {
    collection: 'API',
    version: '6.2.2',
    tests: [{ suite: 'API', name: 'a: ok', status: 'passed', duration: 1 }],
    requests: 2,
    origins: { 'http://127.0.0.1:4000': 2 },
    assertions: 1,
    failed: 0,
    errors: 0,
    skipped: 0,
    untested: [],
    executed: { ran: 2, of: 2, never: [] },
  }
  const failed = {
    suite: 'API',
    name: 'a: ok',
    status: 'failed',
    duration: 1,
    message: 'expected 1 to equal 2',
  } as const
  const refused = { ...failed, name: 'b: request', status: 'error', message: 'connect ECONNREFUSED' } as const
  const cases: {
    description: string
    report: Partial<NewmanReport>
    limits?: [number, number]
    passed: boolean
    reason: string
  }[] = [
    { description: 'green', report: {}, passed: true, reason: '1 assertion of 2 requests passed' },
    {
      description: 'green with skipped ones',
      report: { assertions: 3, skipped: 2 },
      passed: true,
      reason: '1 assertion of 2 requests passed; 2 skipped',
    },
    {
      description: 'a failed assertion',
      report: { tests: [failed], failed: 1 },
      passed: false,
      reason: '1 of 1 assertion failed; first: a: ok: expected 1 to equal 2',
    },
    {
      description: 'errors alone',
      report: { tests: [refused], assertions: 0, errors: 1 },
      passed: false,
      reason: '1 error; first: b: request: connect ECONNREFUSED',
    },
    {
      description: 'both',
      report: { tests: [failed, refused], failed: 1, errors: 1 },
      passed: false,
      reason: '1 of 1 assertion failed, 1 error; first: a: ok: expected 1 to equal 2',
    },
    {
      description: 'the time-out comes first',
      report: { timedOut: 'timed out after 5 s in request a', failed: 1, tests: [failed] },
      passed: false,
      reason: 'timed out after 5 s in request a',
    },
    {
      description: 'too few requests',
      report: {},
      limits: [3, 1],
      passed: false,
      reason: 'API: 2 requests to the app ran, at least 3 must (min-requests)',
    },
    {
      description: 'no request to the app',
      report: { origins: { 'https://api.example.com': 2, 'http://127.0.0.1:4001': 1 } },
      limits: [0, 1],
      passed: false,
      reason:
        'API: no request went to the app (http://127.0.0.1:4000), but to https://api.example.com (2), ' +
        'http://127.0.0.1:4001 (1): let it use {{baseUrl}}, or name the variable that it uses in newman.base-url-variable',
    },
    {
      description: 'some requests to other places',
      report: { origins: { 'http://127.0.0.1:4000': 1, 'https://login.example.com': 1 } },
      passed: true,
      reason: '1 assertion of 2 requests passed; not to the app: https://login.example.com (1)',
    },
    {
      description: 'too few requests to the app, though there are others',
      report: { origins: { 'http://127.0.0.1:4000': 1, 'https://login.example.com': 1 } },
      limits: [2, 1],
      passed: false,
      reason:
        'API: 1 request to the app ran; not to the app: https://login.example.com (1), at least 2 must (min-requests)',
    },
    {
      description: 'a failure, with requests to other places',
      report: { tests: [refused], errors: 1, origins: { 'https://api.example.com': 2 } },
      passed: false,
      reason: '1 error; first: b: request: connect ECONNREFUSED; not to the app: https://api.example.com (2)',
    },
    {
      description: 'too few assertions',
      report: {},
      limits: [1, 2],
      passed: false,
      reason: 'API: 1 assertion ran, at least 2 must (min-assertions)',
    },
    {
      description: 'limits of nothing are met by nothing',
      report: { requests: 0, origins: {}, assertions: 0 },
      limits: [0, 0],
      passed: true,
      reason: '0 assertions of 0 requests passed',
    },
  ]
  test.each(cases)('$description', ({ report, limits: [requests, assertions] = [1, 1], passed, reason }) => {
    const limits = {
      'min-requests': requests,
      'min-assertions': assertions,
      'base-url-variable': 'baseUrl',
      url: 'http://127.0.0.1:4000',
    }
    expect(judgeNewman({ ...green, ...report }, limits)).toEqual({ passed, reason })
  })
})

describe('parseCollection', () => {
  const advice = 'export it from Postman as "Collection v2.1" and give that file'
  const info = { name: 'API', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' }
  const refused = [
    [
      'YAML',
      source('$kind: collection', 'api.yaml'),
      `api.yaml: collections in YAML (v3) run in Postman's own program only; ${advice}`,
    ],
    ['v1', source({ id: '1', requests: [], order: [] }), `api.json: a Postman collection v1; ${advice}`],
    [
      'an environment',
      source({ name: 'E', values: [] }),
      `api.json: a Postman environment, not a collection; ${advice}`,
    ],
    ['OpenAPI', source({ openapi: '3.1.0', info: {} }), `api.json: an OpenAPI document, not a collection; ${advice}`],
    [
      'an API answer',
      source({ collection: { info, item: [] } }),
      `api.json: the answer of Postman's API around a collection; ${advice}`,
    ],
    ['other JSON', source([1]), `api.json: not a Postman collection v2.1: it has no "info" and "item"; ${advice}`],
    [
      'no schema',
      source({ info: { name: 'x' }, item: [] }),
      `api.json: not a Postman collection v2.0 or v2.1: info.schema is missing; ${advice}`,
    ],
    [
      'a wrong shape',
      source({ info, item: [{ item: 'x' }] }),
      `api.json: not a Postman collection v2.1; ${advice}\n✖ Invalid input: expected array, received string\n  → at item[0].item`,
    ],
    ['a comma too many', source('{\n  "a": 1,,\n}'), 'api.json:2:10: not valid JSON: unexpected token Comma'],
    ['half a file', source('{\n  "a": '), 'api.json:2:7: not valid JSON: it ends here, unfinished'],
    ['HTML', source('<html>'), "api.json:1:1: not valid JSON: unexpected character '<'"],
  ] as const
  test.each(refused)('refuses %s', (_, given, message) => {
    expect(refusalOf(() => parseCollection(given))).toBe(message)
  })

  test('takes v2.0 and v2.1, with the lines of the requests through folders', () => {
    const content = collectionOf([
      { name: 'f', item: [get('a', 'http://x'), { name: 'empty', item: [] }] },
      get('b', 'http://y'),
    ])
    const { name, lines } = parseCollection(source(content))
    const text = source(content).text.split('\n')
    expect(name).toBe('API')
    expect(lines.map(line => text[line - 1]?.trim())).toEqual(['"name": "a",', '"name": "b",'])
    const older = { ...content, info: { ...content.info, schema: content.info.schema.replace('v2.1.0', 'v2.0.0') } }
    expect(parseCollection(source(older)).lines).toEqual(lines)
  })
})

describe('findUndefined', () => {
  const cases: { description: string; content: object; given?: string[]; expected: string[] }[] = [
    {
      description: 'all given',
      content: collectionOf([get('a', '{{baseUrl}}/{{$guid}}')]),
      given: ['baseUrl'],
      expected: [],
    },
    {
      description: 'defined by the collection',
      content: collectionOf([get('a', '{{x}}')], { variable: [{ key: 'x', value: '1' }] }),
      expected: [],
    },
    {
      description: 'used by a variable',
      content: collectionOf([], { variable: [{ key: 'x', value: '{{host}}' }] }),
      expected: ['the collection: host'],
    },
    {
      description: 'set by a script of another request',
      content: collectionOf([
        get('a', 'x', { test: 'pm.environment.set("id", 1); pm.collectionVariables.set(`c`, 2)' }),
        get('b', '{{id}}/{{c}}'),
      ]),
      expected: [],
    },
    {
      description: 'set the old way',
      content: collectionOf([get('a', '{{id}}', { before: "postman.setEnvironmentVariable('id', 1)" })]),
      expected: [],
    },
    {
      description: 'in header, body and folder login',
      content: collectionOf([
        {
          name: 'f',
          auth: { bearer: [{ key: 'token', value: '{{t}}' }] },
          item: [
            get('a', 'x', {}, { header: [{ key: 'h', value: '{{h}}' }], body: { mode: 'raw', raw: '{"a": "{{b}}"}' } }),
          ],
        },
      ]),
      expected: ['f: t', 'a: h', 'a: b'],
    },
    {
      description: 'each once, at its first use',
      content: collectionOf([get('a', '{{x}}'), get('b', '{{x}}')]),
      expected: ['a: x'],
    },
  ]
  test.each(cases)('$description', ({ content, given = [], expected }) => {
    const found = findUndefined(parseCollection(source(content)), given)
    expect(found.map(({ variable, request }) => `${request}: ${variable}`)).toEqual(expected)
  })

  test('names what may have been meant', () => {
    const found = { variable: 'baseURL', request: 'a' }
    expect(renderUndefined(found, ['token', 'baseUrl'])).toBe(
      '{{baseURL}} is used by a and defined nowhere in sight; did you mean {{baseUrl}}?',
    )
    expect(renderUndefined(found, ['token'])).toBe('{{baseURL}} is used by a and defined nowhere in sight')
  })
})

describe('environment and data', () => {
  test('names that are on, secrets', () => {
    const values = [
      { key: 'a', value: 1 },
      { key: 'off', value: 'x', enabled: false },
      { key: 's', value: 'hush', type: 'secret' },
    ]
    expect(parseEnvironment(source({ name: 'E', values }))).toEqual({ names: ['a', 's'], secrets: ['hush'] })
  })
  test('another file is refused', () => {
    expect(() => parseEnvironment(source({ a: 1 }, 'env.json'))).toThrow(
      /^env\.json: not a Postman environment; export it/,
    )
  })
  test('columns of JSON and CSV', () => {
    expect(columnsOf(source('[{"a":1},{"b":2}]'))).toEqual(['a', 'b'])
    expect(columnsOf(source('a,"b c", d\r\n1,2,3'))).toEqual(['a', 'b c', 'd'])
  })
})

describe('redactor', () => {
  const cases = [
    ['a value, plain and encoded', ['p@ss word'], 'p@ss word and p%40ss%20word', '*** and ***'],
    ['the longer value first', ['abcd', 'abcdef'], 'abcdef abcd', '*** ***'],
    ['no short values', ['a'], 'a banana', 'a banana'],
    ['queries by name', [], 'http://h/?q=1&access_token=x&b=2', 'http://h/?q=1&access_token=***&b=2'],
    [
      'members by name, cut ones too',
      [],
      '{"password": "a\\"b", "x": 1, "refresh_token":"cut of',
      '{"password": "***", "x": 1, "refresh_token":"***"',
    ],
    ['users in addresses', [], 'http://me:pw@host/a@b', 'http://***@host/a@b'],
    ['logins', [], 'Authorization: Bearer eyJhbGciOi.x', 'Authorization: Bearer ***'],
  ] as const
  test.each(cases)('%s', (_, secrets, text, clean) => {
    expect(redactor(secrets)(text)).toBe(clean)
  })

  test('a long text is redacted before it is cut, and no half secret is left at its end', () => {
    const clean = cleaner(['hunter2-hunter2'], 20)
    expect(clean('hunter2-hunter2 '.repeat(9))).toBe('*** *…')
    expect(clean(`${'x'.repeat(18)}hunter2-hunter2`)).toBe(`${'x'.repeat(17)}…`)
  })

  test('an excerpt is cut between characters', () => {
    expect(excerptOf('short')).toBe('short')
    expect(excerptOf('€'.repeat(10), 10)).toBe('€€…')
  })
})

test('counts that agree are given, without Newman’s own too', () => {
  const at = { ref: 'a', position: 0, iteration: 0 }
  const events = [
    { type: 'assertion', ...at, name: 'n', skipped: false, error: 'no' },
    { type: 'script', ...at, listen: 'test', error: 'no' },
  ] as const
  const count = { total: 0, failed: 0 }
  const ours = { requests: count, assertions: { total: 1, failed: 1 }, scripts: { total: 1, failed: 1 }, failures: 2 }
  expect(countsOf(events)).toEqual(ours)
  expect(countsOf([...events, { type: 'done', stats: { ...ours, scripts: { total: 9, failed: 1 } } }])).toEqual(ours)
})

test('the overrides hold: one current runtime under Newman, each package once', async () => {
  const lock: { packages: Record<string, { version: string }> } = JSON.parse(
    await readFile('package-lock.json', 'utf8'),
  )
  const versions = (name: string) =>
    Object.entries(lock.packages).flatMap(([path, { version }]) =>
      path.endsWith(`node_modules/${name}`) ? [version] : [],
    )
  const installed = async (name: string) =>
    JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8')).version
  const expected = {
    newman: '6.2.2',
    'postman-runtime': '7.56.1',
    'postman-collection': '5.3.1',
    'postman-request': '2.88.1-postman.49',
    lodash: '4.18.1',
    'node-forge': '1.4.0',
    jose: '5.10.0',
  }
  for (const [name, version] of Object.entries(expected)) {
    expect([name, versions(name), await installed(name)]).toEqual([name, [version], version])
  }
})
