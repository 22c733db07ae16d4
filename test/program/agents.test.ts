import { describe, expect, it } from '@jest/globals'
import { UserError } from '../../src/errors.ts'
import { agentsOf } from '../../src/program/agents.ts'

describe('a proxy of the environment', () => {
  it.each([
    'http://proxy.example.com:3128',
    'https://proxy.example.com',
    'proxy.example.com:3128',
    ' http://proxy.example.com:3128/ ',
    'http://bob:s3cr%2Fet@proxy.example.com:3128',
    '',
  ])('is taken: %s', HTTPS_PROXY => {
    expect(() => agentsOf({ HTTPS_PROXY, http_proxy: HTTPS_PROXY, NO_PROXY: '*' })).not.toThrow()
  })

  it.each([
    'http://bob:s3cr/et@127.0.0.1:3128',
    'http://bob:s3cr%zzet@127.0.0.1:3128',
    'socks5://bob:s3cret@127.0.0.1:1080',
    'http://bob:s3cr?et@127.0.0.1:3128',
    'http://',
  ])('is refused, and not shown: %s', HTTPS_PROXY => {
    expect(() => agentsOf({ HTTPS_PROXY })).toThrow(
      new UserError(
        'HTTPS_PROXY: expected a proxy such as http://proxy.example.com:3128 (what it is now is not shown)\nWrite special characters of a user or password as in a URL: / is %2F, @ is %40, % is %25.',
      ),
    )
  })
})
