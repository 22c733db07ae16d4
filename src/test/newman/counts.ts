import type { NewmanEvent, Stats } from './events.ts'

/**
 * Counts events, and compares with what Newman counted itself. A run that was killed left no counts to compare with.
 * @throws Error when they differ: something was lost on the way, and a verdict on the rest would be a guess.
 */
export function countsOf(events: readonly NewmanEvent[]): Stats {
  const ours = tally(events)
  const theirs = events.find(event => event.type === 'done')?.stats
  if (theirs !== undefined && !agree(ours, theirs)) {
    throw new Error(`Newman counted ${JSON.stringify(theirs)}, its events come to ${JSON.stringify(ours)}`)
  }
  return ours
}

function tally(events: readonly NewmanEvent[]): Stats {
  const requests = events.filter(event => event.type === 'request')
  const assertions = events.filter(event => event.type === 'assertion')
  const scripts = events.filter(event => event.type === 'script').length
  const failed = (list: readonly { error?: string | undefined }[]) =>
    list.filter(({ error }) => error !== undefined).length
  return {
    requests: { total: requests.length, failed: failed(requests) },
    assertions: { total: assertions.length, failed: failed(assertions) },
    scripts: { total: scripts, failed: scripts }, // only those that failed are told
    failures: failed(requests) + failed(assertions) + scripts,
  }
}

const agree = (ours: Stats, theirs: Stats): boolean =>
  ours.requests.total === theirs.requests.total &&
  ours.requests.failed === theirs.requests.failed &&
  ours.assertions.total === theirs.assertions.total &&
  ours.assertions.failed === theirs.assertions.failed &&
  ours.scripts.failed === theirs.scripts.failed &&
  ours.failures === theirs.failures
