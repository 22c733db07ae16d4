import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { text } from '../pipeline-e2e/support/text.ts'
import { type Cloud, openCloud } from '../support/aws/cloud.ts'
import { east, role, west } from './support/hosts.ts'
import { type Ended, openJob } from './support/job.ts'

let cloud: Cloud
beforeEach(async () => {
  cloud = await openCloud({ registries: [{ account: '123456789012', region: 'eu-west-1' }] })
})
afterEach(() => cloud[Symbol.asyncDispose]())

const said = ({ stdout }: Ended): string => stdout.replaceAll(/^::add-mask::.*\n/gm, '')
const given = { registries: east, 'role-to-assume': role }

describe('a login that does not end by itself', () => {
  it('nobody answers: red at the deadline, with the last thing that was seen', async () => {
    using _ = cloud.sts.fault({ answer: 'hang', times: 100 })
    await using job = await openJob(cloud.env)
    const ended = await job.login({ with: { ...given, 'action-timeout-s': '1' } })
    expect([ended.exitCode, said(ended)]).toEqual([
      1,
      text`
        ::error::The login did not end within 1 s; last seen: no answer yet
        See that AWS can be reached from here, or give it longer with action-timeout-s.
      `,
    ])
  })

  it('what is tried again and again: the deadline tells the last of it', async () => {
    using _ = cloud.sts.fault({ answer: 'idp-communication', times: 100 })
    await using job = await openJob(cloud.env)
    const ended = await job.login({ with: { ...given, 'action-timeout-s': '6' } })
    expect(said(ended)).toMatch(
      /The login did not end within 6 s; last seen: Assume the role: IDPCommunicationErrorException \(identity provider out\); again in T\n/,
    )
  })

  it('one region refuses while another hangs: red at once', async () => {
    using _ = cloud.ecr.fault({ action: 'GetAuthorizationToken', answer: 'kms' })
    using __ = cloud.ecr.fault({ action: 'GetAuthorizationToken', answer: 'hang' })
    await using job = await openJob(cloud.env)
    const ended = await job.login({ with: { ...given, registries: `${east}\n${west}`, 'action-timeout-s': '300' } })
    expect(said(ended)).toMatch(/^::error::Log in to ECR in \S+: The operation failed due to a KMS exception/)
  })

  it('cancelled: ends at once, and leaves nothing', async () => {
    using _ = cloud.sts.fault({ answer: 'hang', times: 100 })
    await using job = await openJob(cloud.env)
    const running = job.start({ with: given })
    await running.says('::add-mask::eyJ')
    running.interrupt()
    const ended = await running.ended
    expect([ended.exitCode, said(ended)]).toEqual([1, '::error::cancelled by SIGINT'])
    expect(await readdir(join(job.temp, 'pce')).catch(() => [])).toEqual([])
  })
})
