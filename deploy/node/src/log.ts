export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]
export type Fields = Readonly<Record<string, unknown>>
export type Log = Readonly<Record<LogLevel, (message: string, fields?: Fields) => void>>

/** A log that writes one JSON object a line: time, level, message, then the given fields. */
export function createLog(least: LogLevel, write: (line: string) => void = line => process.stdout.write(line)): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields: Fields = {}) => {
      if (logLevels.indexOf(level) < logLevels.indexOf(least)) return
      const entry = { time: new Date().toISOString(), level, message, ...fields }
      write(`${JSON.stringify(entry, (_key, value) => (value instanceof Error ? describeError(value) : value))}\n`)
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function describeError(error: Error & { code?: unknown }) {
  return { name: error.name, message: error.message, code: error.code, stack: error.stack, cause: error.cause }
}
