import type { Image } from '../record/image.ts'
import { type Task, task } from '../task/task.ts'
import type { ScanConfig } from './config.ts'
import { openScanner, type Scanner, scanImage, scanSource } from './scan.ts'

export const scannerTask = (): Task<Scanner> =>
  task({
    id: 'scanner',
    request: null,
    needs: {},
    weight: 0,
    estimate: 20_000,
    perform: (_, scope) => openScanner(scope),
  })

export const sourceScanTask = (config: ScanConfig, scanner: Task<Scanner>): Task<number> =>
  task({
    id: 'scan:source',
    request: config,
    needs: { scanner },
    kind: 'blocking',
    estimate: 10_000,
    perform: (needed, scope) => scanSource(config, needed.scanner, scope),
  })

interface Needed {
  readonly scanner: Task<Scanner>
  readonly image: Task<Image>
}

export const imageScanTask = (id: string, config: ScanConfig, needs: Needed): Task<number> =>
  task({
    id,
    request: config,
    needs: { ...needs },
    kind: 'blocking',
    estimate: 15_000,
    perform: (needed, scope) => scanImage(config, needed, scope),
  })
