import { describe, expect, it } from '@jest/globals'
import { OutsideError } from '../../src/errors.ts'
import type { PullLogin } from '../../src/login/pull.ts'
import { pulling } from '../../src/login/pulling.ts'
import { type Given, type Result, type Task, task } from '../../src/task/task.ts'
import { scopeWith } from '../pipeline/simulate.ts'

const login: Task<PullLogin> = task({
  id: 'login:pull',
  request: null,
  needs: {},
  perform: async () => ({ value: none }),
})
const none: PullLogin = { env: {}, missing: 'a fork' }

/** What a build that ends so comes to, with such a login. */
function end(result: () => Result<string>, given: PullLogin = none) {
  const inner = task({ id: 'build:web', request: null, needs: {}, perform: async () => result() })
  const values: Given = { value: <U>() => given as U, verdicts: [] }
  return pulling(inner, login).perform(values, scopeWith(new AbortController().signal))
}

const refused = 'the registry answered 401 Unauthorized'
const why = `${refused}\nNo login for pulls: a fork`

describe('a task that pulls, where there was no login for it', () => {
  it('a refusal says why: as a verdict, as a fault, thrown', async () => {
    expect(await end(() => ({ status: 'failed', reason: refused }))).toEqual({ status: 'failed', reason: why })
    const fault = { kind: 'outside', message: refused } as const
    expect(await end(() => ({ status: 'broken', fault }))).toEqual({
      status: 'broken',
      fault: { ...fault, message: why },
    })
    await expect(
      end(() => {
        throw new OutsideError(refused)
      }),
    ).rejects.toThrow(why)
  })

  it('another end stays as it is', async () => {
    expect(await end(() => ({ value: 'image' }))).toEqual({ value: 'image' })
    const failed = { status: 'failed', reason: 'RUN make: exit code 2' } as const
    expect(await end(() => failed)).toEqual(failed)
  })

  it('with a login a refusal is left to itself', async () => {
    const failed = { status: 'failed', reason: refused } as const
    expect(await end(() => failed, { env: {} })).toEqual(failed)
  })
})

it('only its programs get the login', async () => {
  const seen: object[] = []
  const inner = task({
    id: 'build:web',
    request: null,
    needs: {},
    perform: async (_, { env }) => {
      seen.push(env)
      return { value: 'image' }
    },
  })
  const wrapped = pulling(inner, login)
  const given: Given = { value: <U>() => ({ env: { DOCKER_CONFIG: '/run/login-pull' } }) as U, verdicts: [] }
  const scope = { ...scopeWith(new AbortController().signal), env: { PATH: '/bin', DOCKER_CONFIG: '/home/me' } }
  await wrapped.perform(given, scope)
  expect([seen, scope.env.DOCKER_CONFIG]).toEqual([[{ PATH: '/bin', DOCKER_CONFIG: '/run/login-pull' }], '/home/me'])
  expect(wrapped.needs).toEqual([login])
  expect(pulling(inner, undefined)).toBe(inner)
})
