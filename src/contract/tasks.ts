import type { Image } from '../record/image.ts'
import { type Task, task } from '../task/task.ts'
import type { ContractConfig } from './config.ts'
import { checkContract } from './contract.ts'

export const contractTask = (id: string, config: ContractConfig, image: Task<Image>): Task<number> =>
  task({
    id,
    request: config,
    needs: { image },
    kind: 'blocking',
    weight: 0,
    perform: (needed, scope) => checkContract(config, needed.image, scope),
  })
