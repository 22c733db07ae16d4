import { expect, it } from '@jest/globals'
import { formatDate } from '../../src/tags/date.ts'

/** What moment gives (momentjs.com/docs, "Format"), for a Wednesday of the tenth week. */
it.each([
  ['YYYY-MM-DDTHH:mm:ss.SSS[Z]', '2024-03-06T04:05:06.007Z'],
  ['YY M D H h m s a A', '24 3 6 4 4 5 6 am AM'],
  ['MMMM MMM Mo Do dddd ddd dd d E', 'March Mar 3rd 6th Wednesday Wed We 3 3'],
  ['Q DDD DDDD', '1 66 066'],
  ['w ww W WW gggg GGGG', '10 10 10 10 2024 2024'],
  ['X x k kk', '1709697906 1709697906007 4 04'],
  ['Z ZZ', '+00:00 +0000'],
  ['LT | L | LL | LLL | l', '4:05 AM | 03/06/2024 | March 6, 2024 | March 6, 2024 4:05 AM | 3/6/2024'],
  ['[DDDD Mo E at] HH', 'DDDD Mo E at 04'],
])('%s', (format, text) => expect(formatDate('2024-03-06T04:05:06.007Z', format, 'UTC')).toBe(text))

it.each([
  ['Asia/Tokyo', '2024-03-31 10:30 +09:00'],
  ['Europe/Berlin', '2024-03-31 03:30 +02:00'],
  ['America/St_Johns', '2024-03-30 23:00 -02:30'],
])('in %s, over the change of the clocks', (zone, text) =>
  expect(formatDate('2024-03-31T01:30:00.000Z', 'YYYY-MM-DD HH:mm Z', zone)).toBe(text),
)

it('whatever the time zone of the machine', () => {
  const before = process.env.TZ
  try {
    for (const zone of ['America/New_York', 'Asia/Kolkata', 'UTC']) {
      process.env.TZ = zone
      expect(formatDate('2024-03-10T07:30:00.000Z', 'YYYYMMDD-HHmm', 'Europe/London')).toBe('20240310-0730')
    }
  } finally {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  }
})
