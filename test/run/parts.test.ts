import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Part } from '../../src/record/part.ts'
import { fileNameOf, readParts, recordFileOf, removePart, writePart, writeRecord } from '../../src/run/parts.ts'

jest.setTimeout(60_000)

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parts-'))
})
afterEach(() => rm(directory, { recursive: true }))

const part = (task: string, told: Partial<Part> = {}): Part => ({
  task,
  kind: 'blocking',
  status: 'passed',
  started: '2026-03-01T12:00:00.000Z',
  ended: '2026-03-01T12:00:01.000Z',
  request: '0123456789abcdef',
  ...told,
})

const frame = {
  id: '0a1b2c3d',
  revision: { commit: '', ref: '', dirty: false, committed: '' },
  plan: { hash: 'fedcba9876543210', tasks: [] },
  started: '2026-03-01T12:00:00.000Z',
}

describe('parts', () => {
  it('are read as they were written, the last of each task', async () => {
    const [first, last] = [part('scan:web', { status: 'failed' }), part('scan:web', { value: { counts: [1, null] } })]
    await writePart(directory, first)
    await writePart(directory, last)
    await writePart(directory, part('gate', { kind: 'work' }))
    expect((await readParts(directory)).toSorted((a, b) => a.task.localeCompare(b.task))).toEqual([
      part('gate', { kind: 'work' }),
      last,
    ])
  })

  it('of a run that has none are none', async () => {
    expect(await readParts(join(directory, 'new'))).toEqual([])
  })

  it('are gone once removed; removing one that is not there is nothing', async () => {
    await writePart(directory, part('scan:web'))
    await removePart(directory, 'scan:web')
    await removePart(directory, 'scan:web')
    expect(await readParts(directory)).toEqual([])
  })

  const tasks = [
    'check:a_b',
    'check:a__b',
    'check:a.b',
    'check:a-b',
    'hadolint:a/b',
    'hadolint:a_b',
    'hadolint:a%2Fb',
    'gate',
  ]
  it('every task has a file of its own, inside the folder', async () => {
    for (const task of [...tasks, 'hadolint:../../x', 'hadolint:größe.Dockerfile'])
      await writePart(directory, part(task))
    expect((await readParts(directory)).map(({ task }) => task).sort()).toEqual(
      [...tasks, 'hadolint:../../x', 'hadolint:größe.Dockerfile'].sort(),
    )
    expect(await readdir(directory)).toEqual(['parts'])
    expect(['scan:web', 'check:mix-format', 'gate'].map(fileNameOf)).toEqual(['scan_web', 'check_mix-format', 'gate'])
  })

  it.each(['{"task": "scan:web", "ki', '', '[]', '{"task":"scan:web"}'])(
    'a file that is no part is our bug: %j',
    async text => {
      await mkdir(join(directory, 'parts'))
      await writeFile(join(directory, 'parts', 'scan_web.json'), text)
      await expect(readParts(directory)).rejects.toThrow()
    },
  )

  it('what a writer left half written under another name is not looked at', async () => {
    await writePart(directory, part('scan:web'))
    await writeFile(join(directory, 'parts', 'scan_web.json.0a1b2c3d.tmp'), '{"task": "scan:w')
    expect(await readParts(directory)).toEqual([part('scan:web')])
  })
})

describe('a writer that is killed', () => {
  /** A process that writes one large part over and over; it says when it has begun. */
  const writer = () =>
    spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { writePart } from ${JSON.stringify(join(import.meta.dirname, '../../src/run/parts.ts'))}
         for (let n = 0; ; n += 1) {
           const part = { task: 'scan:web', kind: 'blocking', status: 'passed', started: '', ended: String(n), request: '', log: Array(40_000).fill('line ' + n) }
           await writePart(process.argv[1], part)
           if (n === 0) console.log('begun')
         }`,
        directory,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )

  const begun = () => readdirSync(join(directory, 'parts')).some(name => name.endsWith('.tmp'))

  it('leaves a whole part, the old or the new one, whenever it is killed', async () => {
    let half = 0
    for (let round = 0; round < 10; round += 1) {
      await rm(join(directory, 'parts'), { recursive: true, force: true })
      const child = writer()
      await once(child.stdout, 'data')
      for (let read = 0; read < 5; read += 1) expect(isWhole(await readParts(directory))).toBe(true)
      for (const until = Date.now() + 1_000; !begun() && Date.now() < until; );
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(isWhole(await readParts(directory))).toBe(true)
      if (begun()) half += 1
    }
    // As a rule it was killed in the middle of writing.
    expect(half).toBeGreaterThan(0)
  })
})

/** True for one part whose 40 000 lines are all of one writing. */
function isWhole([one, ...others]: readonly Part[]): boolean {
  return others.length === 0 && one?.log?.length === 40_000 && one.log.every(line => line === `line ${one.ended}`)
}

describe('the record', () => {
  it('is the merge of the parts, on disk and as a value', async () => {
    await writePart(directory, part('scan:web', { status: 'failed', reason: '1 critical' }))
    const record = await writeRecord(directory, frame, '2026-03-01T12:00:02.000Z')
    expect(record).toMatchObject({ version: 1, outcome: 'failed', tasks: [{ task: 'scan:web' }] })
    expect(JSON.parse(await readFile(recordFileOf(directory), 'utf8'))).toEqual(record)
  })
})
