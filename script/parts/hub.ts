import { HUB, hubRuns, startHub } from '../../test/support/offline/hub.ts'
import { makeStandIns, missingStandIns, standInNames } from '../../test/support/offline/images.ts'
import type { Found, Part } from './part.ts'

/** The images that the tests and the demo run. Docker Hub's own where it answers: nothing is done ahead there. */
export const images: Part = {
  name: 'images',
  goals: ['demo', 'test'],
  without: 'nothing can be built: no base image can be had',
  async probe(setup) {
    if (!(await setup.offline())) return { how: 'found', version: 'real', where: 'Docker Hub' }
    const [runs, missing] = await Promise.all([hubRuns(setup), missingStandIns(setup)])
    return runs && missing.length === 0 ? standIns('found') : undefined
  },
  async install(setup) {
    await startHub(setup)
    const missing = await missingStandIns(setup)
    await makeStandIns(setup, missing)
    return standIns(missing.length > 0 ? 'installed' : 'started')
  },
}

const standIns = (how: Found['how']): Found => ({
  how,
  version: 'stand-ins',
  where: `http://${HUB} for ${standInNames.join(', ')}`,
})
