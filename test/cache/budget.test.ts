import { expect, it } from '@jest/globals'
import { type Load, planShare } from '../../src/cache/budget.ts'

const max = (steps: number, exports: number): Load => ({ mode: 'max', steps, exports })

it.each<[string, Load, string]>([
  ['few steps', max(20, 1), 'max'],
  ['as many as there is room for', max(92, 1), 'max'],
  ['one more', max(93, 1), 'min'],
  ['min stays min', { mode: 'min', steps: 5, exports: 1 }, 'min'],
  ['few steps, but of many images', max(20, 10), 'min'],
  ['two platforms and tests', max(25, 3), 'max'],
  ['nothing is known of the build', max(0, 1), 'max'],
  ['more exports than entries', max(1, 500), 'min'],
])('%s', (_, load, mode) => {
  expect(planShare(load).mode).toBe(mode)
})

it('says why it is less than was asked for', () => {
  expect(planShare(max(140, 1))).toEqual({
    mode: 'min',
    why: 'about 148 entries are more than the 100 of one run: only the layers of the image itself are written (mode=min)',
  })
  expect(planShare(max(30, 4)).why).toBe(
    'about 38 entries are more than the 25 of each of 4 exports of one run: only the layers of the image itself are written (mode=min)',
  )
})
