import { describe, expect, it } from '@jest/globals'
import { resultsOf, steady, stepIn } from './support/log.ts'
import { openWorld } from './support/world.ts'

const dockerfile = `FROM node:24-bookworm-slim AS web
WORKDIR /app
RUN rm -rf /usr/local/lib/node_modules /opt/yarn-*
COPY package.json server.js ./
USER 1000
CMD ["node", "server.js"]
ARG MADE
LABEL made=$MADE
FROM scratch AS last
`

describe('the stage actions without a configuration', () => {
  it('do what their inputs say, and every later step knows what the earlier ones were told', async () => {
    const files = {
      'docker/web.Dockerfile': dockerfile,
      'pce.yml': 'checks:\n  first: node --check server.js\n  second: "true"\n',
    }
    await using world = await openWorld({ workflow: 'inputs.yml', files })
    const job = await world.run()
    const ids = ['first', 'second', 'build', 'scan', 'test', 'push']
    expect([job.result, resultsOf(job)]).toEqual([
      'success',
      Object.fromEntries(
        ['0', 'look', ...ids, 'inspect', 'post look', ...ids.map(id => `post ${id}`)].map(id => [id, 'success']),
      ),
    ])
    expect(stepIn(job, 'inspect').lines).toEqual(['by inputs, web'])
    const verdicts = stepIn(job, 'push').lines.map(steady)
    expect(verdicts.slice(verdicts.indexOf('Verdicts'), verdicts.indexOf('Pushed') + 2)).toEqual([
      'Verdicts',
      '  newman:web    passed (TIME) about web linux/amd64 DIGEST: 1 assertion of 1 request passed',
      '  app:web       passed (TIME) about web linux/amd64 DIGEST',
      '  contract:web  passed (TIME) about web linux/amd64 DIGEST',
      '  scan:web      passed (TIME) about web linux/amd64 DIGEST: nothing found',
      '  check:second  passed (TIME) about source',
      '  check:first   passed (TIME) about source',
      '',
      'Pushed',
      '  HOST/acme/web:stable DIGEST',
    ])
    expect(await world.registry.tags('acme/web')).toEqual(['stable'])
  }, 300_000)
})
