import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ConfigError, type Environment, parseConfig, parseDatabaseUrl } from '../../src/config.ts'

const complete = { DATABASE_URL: 'postgres://u:secret@db/shortener', REDIS_URL: 'redis://redis:6379' }
const parsed = {
  databaseUrl: complete.DATABASE_URL,
  redisUrl: complete.REDIS_URL,
  port: 4000,
  publicUrl: 'http://localhost:4000',
  logLevel: 'info',
}

suite('parseConfig', () => {
  const accepted: { name: string; env: Environment; expected: object }[] = [
    { name: 'fills in what may be left out', env: complete, expected: parsed },
    {
      name: 'takes an empty variable for one that is not set',
      env: { ...complete, PORT: '', PUBLIC_URL: '', LOG_LEVEL: '' },
      expected: parsed,
    },
    {
      name: 'puts the port in the default public URL',
      env: { ...complete, PORT: '80' },
      expected: { ...parsed, port: 80, publicUrl: 'http://localhost:80' },
    },
    {
      name: 'drops slashes at the end of the public URL',
      env: { ...complete, PUBLIC_URL: 'https://sho.rt//' },
      expected: { ...parsed, publicUrl: 'https://sho.rt' },
    },
  ]
  for (const { name, env, expected } of accepted) test(name, () => assert.deepEqual(parseConfig(env), expected))

  test('names every problem at once, and no password', () => {
    const env = { DATABASE_URL: 'mysql://u:secret@db/x', PORT: '70000', PUBLIC_URL: 'sho.rt', LOG_LEVEL: 'loud' }
    assert.throws(() => parseConfig(env), {
      name: 'ConfigError',
      message: [
        'Cannot start: the environment is incomplete or wrong.',
        '  DATABASE_URL is not a URL that begins with postgres:// or postgresql://. Example: postgres://user:password@db:5432/shortener',
        '  REDIS_URL is not set. Example: redis://redis:6379',
        '  PORT is "70000", but must be a whole number from 0 to 65535.',
        '  PUBLIC_URL is not a URL that begins with http:// or https://. Example: https://sho.rt',
        '  LOG_LEVEL is "loud", but must be one of debug, info, warn, error.',
      ].join('\n'),
    })
  })

  for (const port of ['-1', '4000x', '1e3', '65536', ' 80'])
    test(`refuses the port "${port}"`, () => assert.throws(() => parseConfig({ ...complete, PORT: port }), ConfigError))
})

test('parseDatabaseUrl asks for DATABASE_URL alone', () => {
  assert.equal(parseDatabaseUrl({ DATABASE_URL: complete.DATABASE_URL }), complete.DATABASE_URL)
  assert.throws(() => parseDatabaseUrl({}), /DATABASE_URL is not set/)
})
