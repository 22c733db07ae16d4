// Syntax, and two rules of this app. Needs Node alone: it runs on a fresh checkout.
import { stripTypeScriptTypes } from 'node:module'
import { readFiles, report } from './files.ts'

export function findSourceFaults(path: string, text: string): string[] {
  return [...findSyntaxFault(path, text), ...(path.startsWith('src/') ? findRuleFaults(path, text) : [])]
}

const rules = [
  { pattern: /\bconsole\.\w+\(/, message: 'logs are JSON lines: use the log', except: '' },
  { pattern: /\bprocess\.env\b/, message: 'the environment is read once, by src/main.ts', except: 'src/main.ts' },
]

function findRuleFaults(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const broken = rules.filter(({ pattern, except }) => path !== except && pattern.test(line))
    return broken.map(({ message }) => `${path}:${index + 1}: ${message}`)
  })
}

/** Node's own parser says whether it could run the file; `strip` allows only types that can be erased. */
function findSyntaxFault(path: string, text: string): string[] {
  try {
    stripTypeScriptTypes(text, { mode: 'strip' })
    return []
  } catch (error) {
    return [`${path}: ${(error as Error).message}`]
  }
}

if (import.meta.main) {
  const files = readFiles('bin/*', 'web/*.js', '{src,script,test}/**/*.ts')
  report(
    `Source of ${files.length} files`,
    files.flatMap(({ path, text }) => findSourceFaults(path, text)),
  )
}
