import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Ecr, openEcr } from '../support/ecr/ecr.ts'
import { openCheckout } from './support/checkout.ts'
import { leftovers } from './support/leftovers.ts'
import { pce } from './support/pce.ts'
import { loginFor, told } from './support/refusal.ts'
import { text } from './support/text.ts'

let ecr: Ecr
beforeAll(async () => {
  ecr = await openEcr({ repositories: ['acme/web'] })
}, 60_000)
afterAll(() => ecr[Symbol.asyncDispose]())

const push = ['run', '--push', '--registries']

describe('a registry that refuses is quoted, and no tag is set', () => {
  const refusals: { title: string; image?: string; login?: () => object; end: string }[] = [
    {
      title: 'a repository that is not there',
      image: 'acme/api',
      end: text`
      exit code 3
      Verdicts
        contract:api  passed about api linux/amd64 sha256:DIGEST
        push:api      broken: could not be done: Push 127.0.0.1:PORT/acme/api@sha256:DIGEST: regctl ended with exit code 1 after T
            failed to send blob post, ref 127.0.0.1:PORT/acme/api@sha256:DIGEST: request failed: not found [http 404]: {"errors":[{"code":"NAME_UNKNOWN","message":"The repository with name 'acme/api' does not exist in the registry with id '123456789012'"}]}
            Create the repository in the registry first; in ECR create-repository: true does.

      Broken in T:
        api linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `,
    },
    {
      title: 'a login that may only pull',
      login: () => loginFor({ token: ecr.issue('pull') }),
      end: text`
        exit code 3
        Verdicts
          contract:web  passed about web linux/amd64 sha256:DIGEST
          push:web      broken: could not be done: Push 127.0.0.1:PORT/acme/web@sha256:DIGEST: regctl ended with exit code 1 after T
              failed to send blob post, ref 127.0.0.1:PORT/acme/web@sha256:DIGEST: request failed: unauthorized [http 403]: {"errors":[{"code":"DENIED","message":"User: arn:aws:sts::123456789012:assumed-role/ci/build is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-east-1:123456789012:repository/acme/web because no identity-based policy allows the ecr:InitiateLayerUpload action"}]}
              The login is known but may not push there: look at its rights.

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a login that is over',
      login: () => loginFor({ token: expired() }),
      end: text`
        exit code 3
        Verdicts
          contract:web  passed about web linux/amd64 sha256:DIGEST
          push:web      broken: could not be done: Push 127.0.0.1:PORT/acme/web@sha256:DIGEST: regctl ended with exit code 1 after T
              failed to send blob post, ref 127.0.0.1:PORT/acme/web@sha256:DIGEST: request failed: unauthorized [http 403]: {"errors":[{"code":"DENIED","message":"Your authorization token has expired. Reauthenticate and try again."}]}
              The registry does not take this login (any more): get a new password or token. Registries that have a user each want a step of the login action each.

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'a wrong password',
      login: () => loginFor({ token: 'wrong-password' }),
      end: text`
        exit code 3
        Verdicts
          contract:web  passed about web linux/amd64 sha256:DIGEST
          push:web      broken: could not be done: Push 127.0.0.1:PORT/acme/web@sha256:DIGEST: regctl ended with exit code 1 after T
              failed to send blob post, ref 127.0.0.1:PORT/acme/web@sha256:DIGEST: request failed: unexpected http status code: Bad Request [http 400]: {"errors":[{"code":"DENIED","message":"Your Authorization Token is invalid."}]}
              The registry does not take this login (any more): get a new password or token. Registries that have a user each want a step of the login action each.

        Broken in T:
          web linux/amd64 sha256:DIGEST
        Record: RUNS/ID/run.json
      `,
    },
    {
      title: 'no login',
      login: () => ({}),
      end: text`
      exit code 3
      Verdicts
        contract:web  passed about web linux/amd64 sha256:DIGEST
        push:web      broken: could not be done: Push 127.0.0.1:PORT/acme/web@sha256:DIGEST: regctl ended with exit code 1 after T
            failed to send blob post, ref 127.0.0.1:PORT/acme/web@sha256:DIGEST: unauthorized
            Log in to the registry: username and password, or docker login.

      Broken in T:
        web linux/amd64 sha256:DIGEST
      Record: RUNS/ID/run.json
    `,
    },
  ]
  it.each(refusals)(
    '$title',
    async ({ image = 'acme/web', login = () => loginFor(ecr), end }) => {
      await using checkout = await openCheckout('small', { config: { image } })
      const ended = await pce(checkout, [...push, ecr.host], { ...login() })
      expect(told(ended, checkout)).toBe(end)
      expect(await ecr.tags(image)).toEqual([])
      expect(await leftovers(ended)).toEqual([])
    },
    120_000,
  )
})

function expired(): string {
  const token = ecr.issue('push')
  ecr.expire(token)
  return token
}
