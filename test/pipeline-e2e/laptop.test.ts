import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { execa } from 'execa'
import { openRunner } from '../workflows/support/runner.ts'
import { openCheckout } from './support/checkout.ts'
import { lastRun, program } from './support/pce.ts'

describe('the build of a job on GitHub and the one on a laptop', () => {
  it('have one plan, and with reproducible: true one digest', async () => {
    await using checkout = await openCheckout('small', {
      config: { build: { reproducible: true } },
      files: {
        Dockerfile:
          'FROM debian:bookworm-slim\nCOPY --chown=1000 package.json /srv/\nRUN umask 027 && date +%Y > /srv/year && cp /srv/package.json /srv/copy\nUSER 1000\n',
      },
    })
    await checkout.git('remote', 'add', 'origin', 'https://github.com/acme/web')
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'pce-elsewhere-')))
    try {
      const runner = await openRunner(checkout.directory, folder)
      const step = runner.start('build.js', {
        GITHUB_REF: 'refs/heads/main',
        GITHUB_SHA: await checkout.git('rev-parse', 'HEAD'),
        GITHUB_REPOSITORY: 'acme/web',
        GITHUB_EVENT_NAME: 'push',
        GITHUB_RUN_ID: '7',
        TZ: 'UTC',
      })
      expect([await step.ended, step.output()]).toEqual([0, expect.any(String)])
      const { digest, run = '' } = await runner.readCommands('GITHUB_OUTPUT')
      const plan = planIn(step.output())

      // Cloned over SSH into another folder, with other modes, by somebody in another time zone.
      const place = { directory: join(folder, 'elsewhere/web'), state: join(folder, 'state') }
      const clone = `umask 077 && git clone --quiet "$1" "$2" && cd "$2" && git remote set-url origin git@github.com:acme/web.git && exec "$3" "$4" build`
      const argv = ['-c', clone, 'sh', checkout.directory, place.directory, process.execPath, program]
      const env = {
        XDG_STATE_HOME: place.state,
        TZ: 'Pacific/Auckland',
        USER: 'grace',
        LC_ALL: 'C',
        GITHUB_ACTIONS: undefined,
      }
      const laptop = await execa('sh', argv, { env, reject: false })
      expect([laptop.exitCode, laptop.stderr]).toEqual([0, expect.any(String)])
      const { record } = await lastRun(place)
      await execa(process.execPath, [program, 'clean'], { cwd: place.directory, env })

      expect(planIn(laptop.stderr)).toBe(plan)
      expect(record?.images.map(image => image.digest)).toEqual([digest])
      expect(run).not.toBe('')
      await runner.start('build-post.js', { STATE_run: run, INPUT_JOB_STATUS: 'success' }).ended
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 240_000)
})

const planIn = (text: string): string => /Plan ([0-9a-f]{16})/.exec(text)?.[1] ?? `no plan in:\n${text}`
