import dayjs, { type Dayjs } from 'dayjs'
import advancedFormat from 'dayjs/plugin/advancedFormat.js'
import dayOfYear from 'dayjs/plugin/dayOfYear.js'
import isoWeek from 'dayjs/plugin/isoWeek.js'
import localizedFormat from 'dayjs/plugin/localizedFormat.js'
import timezone from 'dayjs/plugin/timezone.js'
import utc from 'dayjs/plugin/utc.js'
import weekOfYear from 'dayjs/plugin/weekOfYear.js'
import weekYear from 'dayjs/plugin/weekYear.js'
import { UserError } from '../errors.ts'

for (const plugin of [utc, timezone, weekOfYear, weekYear, isoWeek, dayOfYear, advancedFormat, localizedFormat])
  dayjs.extend(plugin)

/**
 * Pure: a time (ISO 8601) in the words of a format of moment's (momentjs.com/docs, "Format"), in English.
 * @throws UserError for a time zone that is none
 */
export function formatDate(time: string, format: string, zone: string): string {
  const moment = inZone(time, zone)
  return moment.format(format.replaceAll(/\[[^\]]*\]|DDDD|DDD|Mo|E/g, token => `[${lacking(token, moment) ?? token}]`))
}

/** Tokens of moment's that dayjs does not know; text in brackets stays what it is. */
function lacking(token: string, moment: Dayjs): string | undefined {
  if (token === 'DDDD') return String(moment.dayOfYear()).padStart(3, '0')
  if (token === 'DDD') return String(moment.dayOfYear())
  if (token === 'E') return String(moment.isoWeekday())
  if (token === 'Mo') return ordinal(moment.month() + 1)
  return token.slice(1, -1)
}

const ordinal = (n: number): string => `${n}${['th', 'st', 'nd', 'rd'][n > 3 && n < 21 ? 0 : n % 10] ?? 'th'}`

function inZone(time: string, zone: string): Dayjs {
  try {
    return dayjs.utc(time).tz(zone)
  } catch (cause) {
    throw new UserError(`tags: there is no time zone ${zone}; one is called Europe/Berlin, another UTC`, { cause })
  }
}
