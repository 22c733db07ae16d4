import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { OutsideError } from '../../src/errors.ts'
import { judgeNewman } from '../../src/test/newman/judge.ts'
import type { NewmanRequest } from '../../src/test/newman/run.ts'
import { countsOf, get, openWorld, processesOf, worker } from './world.ts'

const ok = "pm.test('ok', () => pm.response.to.have.status(200))"
const limits = { 'min-requests': 1, 'min-assertions': 1, 'base-url-variable': 'baseUrl' }

describe('time and cancel', () => {
  test('a run that takes too long is asked to stop, and reports what ran', async () => {
    await using world = await openWorld((request, response) => {
      if (request.url !== '/slow') response.end('{}')
    })
    const { report, seconds } = await timedOutIn(world, [
      get('fast', '{{baseUrl}}/fast', { test: ok }),
      get('slow one', '{{baseUrl}}/slow', { test: ok }),
      get('never', '{{baseUrl}}/'),
    ])
    expect(report.timedOut).toBe(`timed out after ${seconds} s in request slow one`)
    expect(report.tests[0]).toMatchObject({ name: 'fast: ok', status: 'passed' })
    expect(report.tests.at(-1)).toMatchObject({
      name: 'the run',
      status: 'error',
      message: `timed out after ${seconds} s in request slow one`,
    })
    expect(report.executed.never).toContain('never')
    expect(judgeNewman(report, { ...limits, url: world.url })).toEqual({
      passed: false,
      reason: `timed out after ${seconds} s in request slow one`,
    })
    expect(await processesOf(world.root)).toEqual([])
  })

  test('between two requests a run stops when asked, with Newman’s own counts', async () => {
    await using world = await openWorld((_, response) => void setTimeout(() => response.end('{}'), 50))
    const items = Array.from({ length: 2_000 }, (_, index) => get(`r${index}`, '{{baseUrl}}/', { test: ok }))
    const { report, seconds } = await timedOutIn(world, items, { grace: 10_000 })
    expect(report.timedOut).toMatch(new RegExp(`^timed out after ${seconds} s in request r\\d+$`))
    expect(report.assertions).toBeGreaterThan(0)
    expect(report.executed.never).toContain('r1999')
  })

  test('a worker that does not stop when asked is killed', async () => {
    await using world = await openWorld()
    const deaf = await world.write(
      'deaf.mjs',
      `import { writeSync } from 'node:fs'
       const say = event => writeSync(3, JSON.stringify(event) + '\\n')
       say({ type: 'start', version: '0', iterations: 1, items: [{ name: 'x', suite: 'API' }] })
       say({ type: 'item', ref: 'a', position: 0, iteration: 0 })
       setInterval(() => {}, 1000)`,
    )
    const report = await world.run([get('x', '{{baseUrl}}/')], { worker: deaf, timeout: 400, grace: 200 })
    expect(report.timedOut).toBe('timed out after 0.4 s in request x')
    expect(await processesOf(deaf)).toEqual([])
  })

  test('a cancelled run leaves no process', async () => {
    await using world = await openWorld(() => {})
    const stop = new AbortController()
    const running = world.run([get('hangs', '{{baseUrl}}/', { test: ok })], {}, { signal: stop.signal })
    while (world.seen.length === 0) await sleep(20)
    expect((await childrenOf()).length).toBe(1)
    stop.abort(new Error('cancelled by hand'))
    await expect(running).rejects.toThrow('cancelled by hand')
    expect(await childrenOf()).toEqual([])
  })

  test('a worker without a parent ends itself', async () => {
    const { execa } = await import('execa')
    const child = execa(process.execPath, [worker], { stdin: 'pipe', reject: false })
    child.stdin.end()
    expect((await child).exitCode).toBe(1)
  })
})

type World = Awaited<ReturnType<typeof openWorld>>

/** Lets a run be cut off within its requests: with more time where the worker needed all of it to begin. */
async function timedOutIn(world: World, items: readonly unknown[], more: Partial<NewmanRequest> = {}, seconds = 2) {
  const report = await world.run(items, { ...more, timeout: seconds * 1_000 })
  if (report.assertions > 0 || seconds > 30) return { report, seconds }
  return timedOutIn(world, items, more, seconds * 2)
}

describe('a worker that fails is never a pass', () => {
  const cases = [
    {
      description: 'dies',
      code: "console.error('out of luck'); process.exit(7)",
      message: /ended with exit code 7 before the run was done; run it again\nout of luck/,
    },
    {
      description: 'is killed',
      code: "process.kill(process.pid, 'SIGKILL')",
      message: /ended with signal SIGKILL before the run was done/,
    },
    { description: 'says nothing', code: '', message: /ended with exit code 0 before the run was done/ },
  ]
  test.each(cases)('$description', async ({ code, message }) => {
    await using world = await openWorld()
    const broken = await world.write('broken.mjs', code)
    const error = await world.run([get('x', '{{baseUrl}}/')], { worker: broken }).catch(thrown => thrown)
    expect(error).toBeInstanceOf(OutsideError)
    expect(error.message).toMatch(message)
  })

  test('a line that is no event is our bug, and the worker is stopped', async () => {
    await using world = await openWorld()
    const babbler = await world.write(
      'babbler.mjs',
      "import { writeSync } from 'node:fs'; writeSync(3, 'hello\\n'); setInterval(() => {}, 1000)",
    )
    await expect(world.run([get('x', '{{baseUrl}}/')], { worker: babbler })).rejects.toThrow(
      'the Newman worker wrote a line that is no event: hello',
    )
    while ((await processesOf(babbler)).length > 0) await sleep(20)
  })

  test('counts that differ from Newman’s own are our bug', async () => {
    await using world = await openWorld()
    const count = { total: 1, failed: 1 }
    const liar = await world.write(
      'liar.mjs',
      `import { writeSync } from 'node:fs'
       writeSync(3, JSON.stringify(${JSON.stringify({ type: 'done', stats: { requests: count, assertions: count, scripts: count, failures: 3 } })}) + '\\n')
       process.exit(0)`,
    )
    await expect(world.run([get('x', '{{baseUrl}}/')], { worker: liar })).rejects.toThrow(
      /^Newman counted .* its events come to /,
    )
  })
})

describe('what a collection can reach', () => {
  test('its console goes to the log and can forge no event', async () => {
    await using world = await openWorld()
    const forged = JSON.stringify({
      type: 'assertion',
      ref: 'f',
      position: 0,
      iteration: 0,
      name: 'forged',
      skipped: false,
    })
    const report = await world.run([
      get('forges', '{{baseUrl}}/', {
        test: `console.log(${JSON.stringify(forged)}); console.log('\\n' + ${JSON.stringify(forged)} + '\\n')`,
      }),
    ])
    expect(countsOf(report)).toMatchObject({ requests: 1, assertions: 0 })
    expect(judgeNewman(report, { ...limits, url: world.url }).passed).toBe(false)
    expect(world.said).toContain(`  log: ${forged}`)
  })

  test('no separator in a name or a value brings a second event along', async () => {
    await using world = await openWorld()
    const separator = '\u2028'
    const forged = JSON.stringify({
      type: 'assertion',
      ref: 'f',
      position: 0,
      iteration: 0,
      name: 'forged',
      skipped: false,
    })
    const name = `${separator}${forged}${separator}`
    const report = await world.run(
      [get('names', '{{baseUrl}}/', { test: `pm.test(${JSON.stringify(name)}, () => {})` })],
      {
        variables: { baseUrl: world.url, other: separator },
      },
    )
    expect(report.tests.map(test => test.name)).toEqual([`names: ${name}`])
  })

  test('its scripts see no process', async () => {
    await using world = await openWorld()
    const report = await world.run([
      get('looks', '{{baseUrl}}/', {
        test: "pm.test('none', () => pm.expect(typeof process).to.equal('undefined'))\nconsole.log(process.env)",
      }),
    ])
    expect(report.tests.map(({ status, name }) => `${status} ${name}`)).toEqual([
      'error looks: test script',
      'passed looks: none',
    ])
  })

  test('a form reads no file outside of the collection’s directory, through a link neither', async () => {
    const bodies: string[] = []
    await using world = await openWorld(async (request, response) => {
      const parts = await request.toArray()
      bodies.push(Buffer.concat(parts).toString())
      response.end('{}')
    })
    await using other = await openWorld()
    const secret = await other.write('secret.txt', 'TOP SECRET')
    await symlink(secret, join(world.root, 'link.txt'))
    await world.write('own.txt', 'MY OWN')
    const form = (src: string) => ({
      method: 'POST',
      body: { mode: 'formdata', formdata: [{ key: 'f', type: 'file', src }] },
    })
    await world.run(
      [secret, 'link.txt', '../x', 'own.txt'].map(src => get(src, '{{baseUrl}}/', { test: ok }, form(src))),
    )
    expect(bodies.join()).toContain('MY OWN')
    expect(bodies.join()).not.toContain('SECRET')
  })

  test('its process has a scrubbed environment and an empty home', async () => {
    await using world = await openWorld(() => {})
    const stop = new AbortController()
    const env = {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      GITHUB_TOKEN: 'a',
      ACTIONS_RUNTIME_TOKEN: 'b',
      AWS_SECRET_ACCESS_KEY: 'c',
      RUNNER_TEMP: 'd',
      INPUT_X: 'e',
      NODE_OPTIONS: '',
      no_proxy: 'corp.example',
      HTTP_PROXY: 'http://proxy.invalid:1',
    }
    const running = world.run([get('hangs', '{{baseUrl}}/')], {}, { env, signal: stop.signal }).catch(() => undefined)
    while (world.seen.length === 0) await sleep(20)
    const [child] = await childrenOf()
    const own = (await readFile(`/proc/${child}/environ`, 'utf8')).split('\0').filter(Boolean)
    stop.abort()
    await running
    expect(own.map(line => line.replace(/(HOME=.*newman-).*/, '$1')).sort()).toEqual([
      `HOME=${world.root}/.pce/newman-`,
      'HTTP_PROXY=http://proxy.invalid:1',
      'LANG=C.UTF-8',
      'NO_PROXY=corp.example,127.0.0.1,localhost',
      `PATH=${process.env.PATH}`,
      'no_proxy=corp.example,127.0.0.1,localhost',
    ])
  })

  test('secrets of the environment and of names stand in no output', async () => {
    await using world = await openWorld((request, response) =>
      response.end(JSON.stringify({ echo: request.headers['x-key'], access_token: 'made at run time' })),
    )
    const environment = await world.write('env.json', {
      name: 'E',
      values: [{ key: 'key', value: 'hunter2-hunter2', type: 'secret', enabled: true }],
    })
    const report = await world.run(
      [
        get(
          'echo',
          '{{baseUrl}}/?api_key={{key}}',
          {
            test: "console.log(pm.environment.get('key'))\npm.test('no', () => pm.expect(pm.response.json().echo).to.equal('other'))",
          },
          { header: [{ key: 'x-key', value: '{{key}}' }] },
        ),
      ],
      { environment },
    )
    expect(world.masked).toEqual(['hunter2-hunter2'])
    const everything = JSON.stringify([report, world.said])
    expect(everything).not.toMatch(/hunter2|made at run time/)
    expect(report.tests[0]?.detail).toMatch(
      /\?api_key=\*\*\*\n200 OK, \d+ ms\n\{"echo":"\*\*\*","access_token":"\*\*\*"\}$/,
    )
  })
})

test('given variables win over the environment, also over one that is switched off there', async () => {
  await using world = await openWorld()
  const environment = await world.write('env.json', {
    name: 'E',
    values: [{ key: 'baseUrl', value: 'http://127.0.0.1:1', enabled: false }],
  })
  await world.run([get('x', '{{baseUrl}}/x', { test: ok })], { environment })
  await writeFile(
    environment,
    JSON.stringify({ name: 'E', values: [{ key: 'baseUrl', value: 'http://127.0.0.1:1', enabled: true }] }),
  )
  await world.run([get('y', '{{baseUrl}}/y', { test: ok })], { environment })
  expect(world.seen).toEqual(['GET /x', 'GET /y'])
})

/** Workers that this process started. */
async function childrenOf(): Promise<number[]> {
  const ids = await processesOf(worker)
  const stats = await Promise.all(ids.map(id => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')))
  return ids.filter((_, index) => stats[index]?.replace(/^.*\) \S+ /, '').split(' ')[0] === String(process.pid))
}
