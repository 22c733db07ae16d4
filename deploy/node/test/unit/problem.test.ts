import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Problem, renderProblem, toProblem } from '../../src/http/problem.ts'

test('renderProblem gives problem+json and keeps the headers', () => {
  const errors = [{ field: 'url', message: 'is required' }]
  const { status, headers, body } = renderProblem(new Problem(422, 'Wrong.', { errors, headers: { 'x-a': 'b' } }))
  assert.deepEqual(
    { status, headers, body: JSON.parse(String(body)) },
    {
      status: 422,
      headers: { 'x-a': 'b', 'content-type': 'application/problem+json' },
      body: { type: 'about:blank', title: 'Unprocessable Entity', status: 422, detail: 'Wrong.', errors },
    },
  )
})

suite('toProblem', () => {
  const withCode = (code: string) => Object.assign(new Error('x'), { code })
  class ClientOfflineError extends Error {}
  const cases = [
    { name: 'a problem stays', error: new Problem(409, 'Taken.'), status: 409 },
    { name: 'a refused connection', error: withCode('ECONNREFUSED'), status: 503 },
    { name: 'a query that took too long', error: withCode('57014'), status: 503 },
    { name: 'Postgres shutting down', error: withCode('57P01'), status: 503 },
    { name: 'Redis away', error: new ClientOfflineError(), status: 503 },
    { name: 'a pool that is exhausted', error: new Error('timeout exceeded when trying to connect'), status: 503 },
    { name: 'a wrong SQL statement', error: withCode('42601'), status: 500 },
    { name: 'a bug', error: new TypeError('x is not a function'), status: 500 },
    { name: 'a thrown string', error: 'no', status: 500 },
  ]
  for (const { name, error, status } of cases)
    test(`${name}: ${status}`, () => assert.equal(toProblem(error).status, status))
})
