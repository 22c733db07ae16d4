import { describe, expect, test } from '@jest/globals'
import { judgeNewman } from '../../src/test/newman/judge.ts'
import { countsOf, get, openWorld } from './world.ts'

const ok = "pm.test('status is 200', () => pm.response.to.have.status(200))"
const limits = { 'min-requests': 1, 'min-assertions': 1, 'base-url-variable': 'baseUrl' }

describe('counts of real runs', () => {
  test('nine failures of four kinds in two iterations are nine, none hidden by the iteration that passed', async () => {
    await using world = await openWorld((request, response) => {
      if (request.url !== '/slow') response.end('{"ok":true}')
    })
    const data = await world.write('rows.json', [{ limit: 1 }, { limit: 3 }])
    const report = await world.run(
      [
        get('fine', '{{baseUrl}}/fine', { test: ok }),
        get('only in row 1', '{{baseUrl}}/row', {
          test: "pm.test('limit', () => pm.expect(+pm.iterationData.get('limit')).to.be.above(2))",
        }),
        get('skips', '{{baseUrl}}/skips', { test: "pm.test.skip('later', () => {})" }),
        get('refused', 'http://127.0.0.1:1/'),
        get('throws', '{{baseUrl}}/throws', { test: "throw new Error('boom')" }),
        get('unresolved', 'http://{{nowhere}}/'),
        get('slow', '{{baseUrl}}/slow'),
      ],
      { data, timeoutRequest: 400 },
    )
    expect(countsOf(report)).toEqual({
      requests: 14,
      assertions: 6,
      failed: 1,
      errors: 8,
      skipped: 2,
      executed: '14 of 14',
    })
    expect(
      report.tests
        .filter(({ status }) => status !== 'passed' && status !== 'skipped')
        .map(({ name, message }) => `${name} | ${message}`),
    ).toEqual([
      'only in row 1 (iteration 1): limit | expected 1 to be above 2',
      'refused (iteration 1): request | connect ECONNREFUSED 127.0.0.1:1',
      'throws (iteration 1): test script | Error: boom',
      'unresolved (iteration 1): {{nowhere}} | {{nowhere}} has no value: define it in the collection or its environment, or set it in a script',
      'slow (iteration 1): request | ESOCKETTIMEDOUT',
      'refused (iteration 2): request | connect ECONNREFUSED 127.0.0.1:1',
      'throws (iteration 2): test script | Error: boom',
      'unresolved (iteration 2): {{nowhere}} | {{nowhere}} has no value: define it in the collection or its environment, or set it in a script',
      'slow (iteration 2): request | ESOCKETTIMEDOUT',
    ])
    expect(judgeNewman(report, { ...limits, url: world.url })).toEqual({
      passed: false,
      reason:
        '1 of 6 assertions failed, 8 errors; first: only in row 1 (iteration 1): limit: expected 1 to be above 2; not to the app: http://127.0.0.1:1 (2)',
    })
    expect(world.said).toContain('api.json: {{nowhere}} is used by unresolved and defined nowhere in sight')
  })

  test('all green: the verdict says how much was looked at', async () => {
    await using world = await openWorld()
    const report = await world.run([
      { name: 'users', item: [get('list', '{{baseUrl}}/users', { test: ok })] },
      get('ping', '{{baseUrl}}/ping'),
    ])
    expect(report.tests).toEqual([
      {
        suite: 'API / users',
        name: 'list: status is 200',
        status: 'passed',
        duration: expect.any(Number),
        location: { file: 'api.json', line: 11 },
      },
    ])
    expect(judgeNewman(report, { ...limits, url: world.url })).toEqual({
      passed: true,
      reason: '1 assertion of 2 requests passed; no test in: ping',
    })
    expect(world.seen).toEqual(['GET /users', 'GET /ping'])
    expect(report.version).toBe('6.2.2')
  })

  test('an empty collection is not a passed test', async () => {
    await using world = await openWorld()
    const report = await world.run([])
    expect(countsOf(report)).toEqual({
      requests: 0,
      assertions: 0,
      failed: 0,
      errors: 0,
      skipped: 0,
      executed: '0 of 0',
    })
    expect(judgeNewman(report, { ...limits, url: world.url })).toEqual({
      passed: false,
      reason: 'API: 0 requests to the app ran, at least 1 must (min-requests)',
    })
  })

  test('requests to another place are no test of the app, nor are those of scripts', async () => {
    await using world = await openWorld()
    await using other = await openWorld()
    const environment = await world.write('env.json', {
      name: 'prod',
      values: [{ key: 'host', value: other.url.replace('http://', ''), enabled: true }],
    })
    const before = "pm.sendRequest(pm.variables.get('baseUrl') + '/nested', () => {})"
    const report = await world.run([get('list', '{{host}}/users', { test: ok, before })], { environment })
    expect(report.origins).toEqual({ [other.url]: 1 })
    expect(judgeNewman(report, { ...limits, url: world.url })).toEqual({
      passed: false,
      reason:
        `API: no request went to the app (${world.url}), but to ${other.url} (1): let it use {{baseUrl}}, ` +
        'or name the variable that it uses in newman.base-url-variable',
    })
  })

  test('requests without assertions are not a passed test, nor are skipped assertions', async () => {
    await using world = await openWorld()
    const report = await world.run([
      get('one', '{{baseUrl}}/'),
      get('two', '{{baseUrl}}/', { test: "pm.test.skip('x', () => {})" }),
    ])
    expect(judgeNewman(report, { ...limits, url: world.url })).toEqual({
      passed: false,
      reason: 'API: 0 assertions ran, at least 1 must (min-assertions)',
    })
  })

  test('requests dropped by setNextRequest(null) are named', async () => {
    await using world = await openWorld()
    const report = await world.run([
      get('first', '{{baseUrl}}/', { test: `${ok}\npm.execution.setNextRequest(null)` }),
      get('second', '{{baseUrl}}/'),
      get('third', '{{baseUrl}}/'),
    ])
    expect(report.executed).toEqual({ ran: 1, of: 3, never: ['second', 'third'] })
    expect(judgeNewman(report, { ...limits, url: world.url }).reason).toBe(
      '1 assertion of 1 request passed; 1 of 3 requests executed, never: second, third',
    )
  })

  test('a request that runs twice by setNextRequest has two passes', async () => {
    await using world = await openWorld()
    const loop = `${ok}\nif (!pm.variables.get('again')) { pm.variables.set('again', '1'); pm.execution.setNextRequest('poll') }`
    const report = await world.run([get('poll', '{{baseUrl}}/', { test: loop })])
    expect(report.tests.map(({ name }) => name)).toEqual(['poll: status is 200', 'poll (pass 2): status is 200'])
    expect(report.executed).toEqual({ ran: 1, of: 1, never: [] })
  })

  test('an answer of 5xx that no test looks at fails', async () => {
    await using world = await openWorld((_, response) => void response.writeHead(503).end('down'))
    const report = await world.run([
      get('looked at', '{{baseUrl}}/', { test: "pm.test('is down', () => pm.response.to.have.status(503))" }),
      get('not', '{{baseUrl}}/'),
    ])
    expect(countsOf(report)).toMatchObject({ assertions: 1, failed: 1, errors: 0 })
    expect(report.tests.at(-1)).toMatchObject({
      name: 'not: no test',
      status: 'failed',
      message: 'answered 503, and no test looks at it',
      detail: expect.stringMatching(/^GET http:\/\/127\.0\.0\.1:\d+\/\n503 Service Unavailable, \d+ ms\ndown$/),
    })
  })

  test('script throws are errors: before, in a test, with bad syntax, and after the end of the script', async () => {
    await using world = await openWorld()
    const report = await world.run([
      get('before', '{{baseUrl}}/', { before: "throw new TypeError('early')" }),
      get('syntax', '{{baseUrl}}/', { test: "pm.test('y'" }),
      get('late', '{{baseUrl}}/', { test: "setTimeout(() => { throw new Error('late') }, 10)" }),
    ])
    expect(report.tests.map(({ name, status, message }) => `${status} ${name}: ${message}`)).toEqual([
      'error before: pre-request script: TypeError: early',
      'error syntax: test script: SyntaxError: missing ) after argument list',
      'error late: script, after its end: Error: late',
    ])
  })

  test('a script that never ends is stopped, the rest of the collection runs', async () => {
    await using world = await openWorld()
    const report = await world.run(
      [get('spins', '{{baseUrl}}/', { test: 'while (true) {}' }), get('next', '{{baseUrl}}/', { test: ok })],
      { timeoutScript: 700 },
    )
    expect(report.errors).toBeGreaterThan(0)
    expect(judgeNewman(report, { ...limits, url: world.url }).passed).toBe(false)
  })

  test('what pm.sendRequest sends is counted, and an error when it is refused', async () => {
    await using world = await openWorld()
    const report = await world.run([
      get('sends', '{{baseUrl}}/', {
        before: "pm.sendRequest(pm.variables.get('baseUrl') + '/nested', () => {})",
        test: `${ok}\npm.sendRequest('http://127.0.0.1:1/', () => {})`,
      }),
    ])
    expect(countsOf(report)).toMatchObject({ requests: 3, assertions: 1, errors: 1, executed: '1 of 1' })
    expect(report.tests[0]).toMatchObject({
      name: 'sends: pm.sendRequest GET http://127.0.0.1:1/',
      message: 'connect ECONNREFUSED 127.0.0.1:1',
    })
  })

  test('a huge answer leaves an excerpt of 2 kB', async () => {
    await using world = await openWorld((_, response) => response.end('ü'.repeat(15_000_000)))
    const report = await world.run([
      get('big', '{{baseUrl}}/', { test: "pm.test('no', () => pm.expect(1).to.equal(2))" }),
    ])
    const detail = report.tests[0]?.detail ?? ''
    expect(Buffer.byteLength(detail.split('\n').at(-1) ?? '')).toBeLessThanOrEqual(2_000)
    expect(detail.endsWith('ü…')).toBe(true)
  })
})
