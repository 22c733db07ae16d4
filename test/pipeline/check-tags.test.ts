import { describe, expect, it } from '@jest/globals'
import { checkPlanned, checkPushed } from '../../src/pipeline/check-tags.ts'
import { planPipeline } from '../../src/pipeline/plan.ts'
import { load, refusal } from '../config/given.ts'
import { factsOf } from '../tags/facts.ts'

const facts = factsOf({ revision: { commit: 'c'.repeat(40), ref: 'refs/heads/main' } })

const checked = (text: string): { plan: string; push: string } => {
  const { config } = load({ text })
  const plan = planPipeline(config, facts)
  return { plan: refusal(() => checkPlanned(config, plan)), push: refusal(() => checkPushed(plan, facts)) }
}

const shared = (reference: string): string =>
  `tags: web and job would both be ${reference}\nGive each a repository or tags of its own.`

describe('tags that two images would have at this commit', () => {
  it.each([
    {
      what: 'by rules that give the same, on this branch',
      web: 'tags: type=ref',
      job: 'tags: main',
      reference: 'ghcr.io/acme/app:main',
    },
    {
      what: 'by full names',
      web: 'image: acme/web, destinations: ghcr.io/acme/app, tags: v1',
      job: 'image: acme/job, destinations: [ghcr.io/acme/job, ghcr.io/acme/app], tags: v1',
      reference: 'ghcr.io/acme/app:v1',
    },
  ])('$what', ({ web, job, reference }) => {
    const image = web.includes('image:') ? '' : 'image: acme/app, '
    const registries = image === '' ? '' : 'registries: ghcr.io\n'
    const text = `${registries}images: { web: { ${image}${web} }, job: { ${image}${job} } }\n`
    expect(checked(text)).toEqual({ plan: shared(reference), push: shared(reference) })
  })

  it('where they go nowhere, by the names that they have in the engine', () => {
    const text = 'images: { web: { image: acme/app, tags: type=ref }, job: { image: acme/app, tags: main } }\n'
    expect(checked(text).plan).toBe(shared('acme/app:main'))
  })

  it('none, where one image has a tag by two rules, or a suffix tells two apart', () => {
    const text =
      'registries: ghcr.io\nimages: { web: { image: a, tags: [type=ref, main] }, job: { image: a, tags: type=ref, flavor: suffix=-job } }\n'
    expect(checked(text)).toEqual({ plan: 'no error', push: 'no error' })
  })

  it('targets of bake files are left alone until they are pushed', () => {
    const text = 'registries: ghcr.io\nimages: { web: { image: a, tags: type=ref }, job: { image: a, tags: main } }\n'
    const { config } = load({ text })
    const baked = { wanted: [], targets: {} }
    const images = Object.fromEntries(Object.entries(config.images).map(([name, one]) => [name, { ...one, baked }]))
    const plan = planPipeline(config, facts)
    expect(refusal(() => checkPlanned({ ...config, images }, plan))).toBe('no error')
    expect(refusal(() => checkPushed(plan, facts))).toBe(shared('ghcr.io/a:main'))
  })
})

it('rules that give no tag are no fault until something is pushed', () => {
  const text = 'image: a\nregistries: ghcr.io\ntags: type=ref,event=tag\n'
  expect(checked(text)).toEqual({
    plan: 'no error',
    push: 'tags: they give a no tag for refs/heads/main\nAdd type=sha, or type=raw,value=…',
  })
})
