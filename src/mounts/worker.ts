import { writeSync } from 'node:fs'
import { restoreCache, saveCache } from '@actions/cache'
import { archiveFiles } from './archive.ts'

/**
 * A program of its own: GitHub's cache client reads and prints what it likes, tries for ten minutes and can't be
 * stopped; a process can. `restore KEY PREFIX` or `save KEY`, in the folder of the archive. What it found goes to
 * descriptor 3, its talk to standard output.
 */
const [verb, key = '', prefix = ''] = process.argv.slice(2)
const paths = [...archiveFiles]
const found = verb === 'save' ? await saveCache(paths, key) : await restoreCache(paths, key, [prefix])
writeSync(3, JSON.stringify({ found: found ?? null }))
