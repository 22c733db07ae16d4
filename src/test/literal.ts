/** Compose reads `$` as the start of a variable; doubled it stays a `$`. What its own `config` gives is so already. */
export const literally = (text: string): string => text.replaceAll('$', '$$$$')

export const literalValues = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, literally(value)]))
