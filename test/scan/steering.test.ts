import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ScanConfig } from '../../src/scan/config.ts'
import { openScanner, scanSource } from '../../src/scan/scan.ts'
import type { Scope } from '../../src/task/scope.ts'

// Trivy itself, in a checkout whose files and in an environment whose variables say: look away.

const config: ScanConfig = { block: 'high', 'ignore-unfixed': false, ignore: [], source: true, image: true }
const token = ['gh', 'p_', 'x7Kq2mVt9Lw4Zs8Rb1Nc5Yf3Hd6Jg0PaTuEv'].join('')
const steering: Readonly<Record<string, string>> = {
  Dockerfile: 'FROM debian:latest\nUSER root\n',
  'deploy.env': `GITHUB_TOKEN=${token}\n`,
  '.trivyignore': 'DS-0001\nDS-0002\ngithub-pat\n',
  'trivy.yaml': 'severity: [UNKNOWN]\nscan:\n  skip-files: [Dockerfile, deploy.env]\n',
  'trivy-secret.yaml': 'disable-rules: [github-pat]\n',
}

describe('a scan', () => {
  let root: string
  const said: string[] = []
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'scan-'))
    await mkdir(join(root, 'checkout'))
    for (const [name, text] of Object.entries(steering)) await writeFile(join(root, 'checkout', name), text)
  })
  afterAll(() => rm(root, { recursive: true }))

  const scopeIn = (folder: string): Scope => ({
    run: { id: '0a1b2c3d', directory: join(root, 'run') },
    context: join(root, folder),
    newmanWorker: '',
    env: { ...process.env, TRIVY_SEVERITY: 'UNKNOWN', TRIVY_SKIP_FILES: 'Dockerfile,deploy.env' },
    rights: {},
    signal: new AbortController().signal,
    secret: () => undefined,
    credentials: () => undefined,
    say: line => void said.push(line),
    mask: () => undefined,
  })

  it('is steered by no file of the checkout and by no variable, and tells what it does not read', async () => {
    const scope = scopeIn('checkout')
    const { value: scanner } = await openScanner(scope)
    if (scanner === undefined) throw new Error('no scanner')
    const { findings, status } = await scanSource(config, scanner, scope)
    expect(status).toBe('failed')
    expect(findings?.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['github-pat', 'DS-0001', 'DS-0002']))
    expect(said).toContain(
      'Not read: .trivyignore, trivy.yaml, trivy-secret.yaml, TRIVY_SEVERITY, TRIVY_SKIP_FILES. ' +
        'Put the findings to leave out into scan.ignore',
    )
  }, 60_000)

  it('of nothing that Trivy knows says so', async () => {
    await mkdir(join(root, 'empty'))
    await writeFile(join(root, 'empty', 'notes.txt'), 'hello\n')
    const scope = scopeIn('empty')
    const { value: scanner } = await openScanner(scope)
    if (scanner === undefined) throw new Error('no scanner')
    expect(await scanSource(config, scanner, scope)).toMatchObject({ reason: 'nothing in it that Trivy knows' })
  }, 60_000)
})
