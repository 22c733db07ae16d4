// White space as in .editorconfig. Needs Node alone: it runs on a fresh checkout.
import { readFiles, report } from './files.ts'

export function findFormatFaults(path: string, text: string): string[] {
  const faults = text.split('\n').flatMap((line, index) => {
    const fault = line.endsWith('\r')
      ? 'carriage return'
      : /[ \t]$/.test(line)
        ? 'white space at the end'
        : /^ *\t/.test(line)
          ? 'tab'
          : ''
    return fault ? [`${path}:${index + 1}: ${fault}`] : []
  })
  if (!text.endsWith('\n')) faults.push(`${path}: no line break at the end`)
  if (text.endsWith('\n\n')) faults.push(`${path}: empty lines at the end`)
  return faults
}

if (import.meta.main) {
  const files = readFiles(
    'bin/*',
    '*.{json,yml,yaml,hcl,md}',
    'Dockerfile',
    '{migrations,postman,script,src,test,web}/**/*.*',
  )
  report(
    `Format of ${files.length} files`,
    files.flatMap(({ path, text }) => findFormatFaults(path, text)),
  )
}
