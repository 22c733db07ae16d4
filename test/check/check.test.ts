import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runCheck } from '../../src/check/check.ts'
import type { Check } from '../../src/check/config.ts'
import { type Level, parseHadolint, runHadolint } from '../../src/check/hadolint.ts'
import { checkTasks, hadolintTasks } from '../../src/check/tasks.ts'
import { OutsideError } from '../../src/errors.ts'
import type { Finding, Severity } from '../../src/record/finding.ts'
import type { Scope } from '../../src/task/scope.ts'

const hadolint = [
  '[{"code":"DL3007","column":1,"file":"Dockerfile","level":"warning","line":1,"message":"Using latest is prone to errors if the image will ever update. Pin the version explicitly to a release tag"}',
  '{"code":"DL3015","column":1,"file":"Dockerfile","level":"info","line":2,"message":"Avoid additional packages by specifying `--no-install-recommends`"}',
  '{"code":"SC2006","column":1,"file":"Dockerfile","level":"style","line":2,"message":"Use $(...) notation instead of legacy backticks `...`."}',
  '{"code":"DL3020","column":1,"file":"Dockerfile","level":"error","line":3,"message":"Use COPY instead of ADD for files and folders"}]',
].join(',')

describe('what hadolint says', () => {
  const wiki = (code: string) =>
    code.startsWith('DL')
      ? `https://github.com/hadolint/hadolint/wiki/${code}`
      : `https://www.shellcheck.net/wiki/${code}`
  const finding = (
    rule: string,
    [severity, line, message]: readonly [Severity, number, string],
    blocking: boolean,
  ): Finding => ({
    tool: 'hadolint',
    rule,
    severity,
    message,
    location: { file: 'Dockerfile', line, column: 1 },
    url: wiki(rule),
    blocking,
  })
  const levels: readonly [Level, readonly boolean[]][] = [
    ['error', [false, false, false, true]],
    ['warning', [true, false, false, true]],
    ['info', [true, true, false, true]],
    ['style', [true, true, true, true]],
  ]
  it.each(levels)(
    'with threshold %s',
    (threshold, [latest = false, packages = false, backticks = false, add = false]) => {
      expect(parseHadolint(hadolint, threshold)).toEqual([
        finding(
          'DL3007',
          [
            'medium',
            1,
            'Using latest is prone to errors if the image will ever update. Pin the version explicitly to a release tag',
          ],
          latest,
        ),
        finding('DL3015', ['low', 2, 'Avoid additional packages by specifying `--no-install-recommends`'], packages),
        finding('SC2006', ['low', 2, 'Use $(...) notation instead of legacy backticks `...`.'], backticks),
        finding('DL3020', ['high', 3, 'Use COPY instead of ADD for files and folders'], add),
      ])
    },
  )

  it('a Dockerfile that it can not read is a finding of its own', () => {
    const broken = `[{"code":"DL1000","column":1,"file":"Broken","level":"error","line":2,"message":"unexpected 'C'\\nexpecting '#'"}]`
    expect(parseHadolint(broken, 'warning')).toMatchObject([
      { rule: 'DL1000', location: { file: 'Broken', line: 2 }, blocking: true },
    ])
  })
  it('a finding without a place is at the start', () => {
    const nowhere = hadolint.replaceAll('"column":1', '"column":0').replaceAll(/"line":\d/g, '"line":0')
    expect(parseHadolint(nowhere, 'error')?.map(({ location }) => location)).toEqual(
      Array(4).fill({ file: 'Dockerfile', line: 1, column: 1 }),
    )
  })
  it('nothing found is an empty list', () => expect(parseHadolint('[]', 'style')).toEqual([]))

  const noReport = [
    '',
    'hadolint: Missing: withBinaryFile: does not exist',
    '{}',
    'null',
    '[{}]',
    '[null]',
    hadolint.slice(0, 99),
    hadolint.replace('"warning"', '"terrible"'),
  ]
  it.each(noReport)('no report: %s', text => {
    expect(parseHadolint(text, 'warning')).toBeUndefined()
  })
})

describe('the tasks', () => {
  const check: Check = { run: 'true', gate: 'advisory', weight: 2, timeout: 60_000 }
  it('a check has its own kind, weight and deadline', () => {
    const [task] = checkTasks({ types: check })
    expect(task).toMatchObject({
      id: 'check:types',
      kind: 'advisory',
      weight: 2,
      deadline: 60_000,
      request: { run: 'true' },
      needs: [],
    })
  })
  const lint: readonly [Parameters<typeof hadolintTasks>[0], readonly string[], readonly object[]][] = [
    [false, ['Dockerfile'], []],
    [true, ['Dockerfile'], [{ id: 'hadolint', request: { file: 'Dockerfile', threshold: 'warning' } }]],
    [{ threshold: 'error' }, ['a', 'a'], [{ id: 'hadolint', request: { file: 'a', threshold: 'error' } }]],
    [true, ['a', 'b'], [{ id: 'hadolint:a' }, { id: 'hadolint:b' }]],
  ]
  it.each(lint)('hadolint %j for %j', (config, files, expected) => {
    const tasks = hadolintTasks(config, files)
    expect(tasks).toHaveLength(expected.length)
    expect(tasks).toMatchObject(expected)
    for (const { kind } of tasks) expect(kind).toBe('blocking')
  })
})

describe('a check', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'check-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const said: string[] = []
  const run = (command: Check['run'], signal = new AbortController().signal) => {
    said.length = 0
    const scope = { context: folder, env: { PATH: process.env.PATH }, signal, say: (line: string) => said.push(line) }
    return runCheck('format', { run: command, gate: 'blocking', weight: 1, timeout: 1 }, scope as unknown as Scope)
  }

  it('passes with exit code 0, and its output is told', async () => {
    expect(await run('echo "in $(basename "$PWD")"')).toEqual({ value: { exitCode: 0 } })
    expect(said).toEqual([`in ${folder.split('/').at(-1)}`])
  })
  const ends: readonly [Check['run'], string][] = [
    ['exit 1', 'exit code 1'],
    [['sh', '-c', 'exit 4'], 'exit code 4'],
    ['kill -9 $$', 'ended by SIGKILL'],
    // Whatever it says: a check that ends with an error is red.
    ['echo all good; exit 2', 'exit code 2'],
  ]
  it.each(ends)('%j is red: %s', async (command, reason) => {
    expect(await run(command)).toEqual({ status: 'failed', reason })
  })
  it('passes though it wrote to standard error', async () => {
    expect(await run('echo warning >&2')).toEqual({ value: { exitCode: 0 } })
  })

  const broken: readonly [Check['run'], RegExp][] = [
    [
      'no-such-program --check',
      /^Check format can't be run: .*no-such-program.*not found\nInstall what it needs before this step\.$/,
    ],
    ['touch not-a-program; ./not-a-program', /^Check format can't be run: .*[Pp]ermission denied\n/],
    [['no-such-program'], /^Check format: there is no program no-such-program on PATH\n/],
  ]
  it.each(broken)('%j could not look, which is not a no', async (command, message) => {
    const attempt = run(command)
    await expect(attempt).rejects.toThrow(OutsideError)
    await expect(attempt).rejects.toThrow(message)
  })
})

describe('hadolint itself', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hadolint-'))
    await writeFile(join(folder, 'Dockerfile'), 'FROM debian:latest\nADD a /\n')
  })
  afterAll(() => rm(folder, { recursive: true }))

  const reasonWith = async (config: string, env: Scope['env'] = {}) => {
    await writeFile(join(folder, '.hadolint.yaml'), config)
    const scope = {
      context: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME, ...env },
      signal: new AbortController().signal,
      say: () => undefined,
    }
    const { reason } = await runHadolint({ file: 'Dockerfile', threshold: 'warning' }, scope as unknown as Scope)
    return reason
  }
  it('names the file that had a say in what it told', async () => {
    expect(await reasonWith('ignored: [DL3007]\n')).toBe(
      '1 of level warning or above in Dockerfile, with .hadolint.yaml',
    )
    expect(await reasonWith('ignored: [DL3007, DL3020]\n')).toBe('with .hadolint.yaml')
  })
  it('and the variables', async () => {
    expect(await reasonWith('ignored: [DL3007]\n', { HADOLINT_IGNORE: 'DL3020' })).toMatch(
      /with \.hadolint\.yaml, HADOLINT_IGNORE$/,
    )
  })
})
