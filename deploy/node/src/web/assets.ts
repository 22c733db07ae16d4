import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'

export interface Assets {
  readonly page: string
  /** Content by file name, the name holding a hash of the content. */
  readonly files: ReadonlyMap<string, Buffer>
}

const directory = new URL('../../dist/', import.meta.url)

export const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Reads what script/build-assets.ts has made; it is small, so it stays in memory. */
export function readAssets(from: URL = directory): Assets {
  try {
    const page = readFileSync(new URL('index.html', from), 'utf8')
    const names = readdirSync(new URL('assets/', from)).filter(name => extname(name) in contentTypes)
    return { page, files: new Map(names.map(name => [name, readFileSync(new URL(`assets/${name}`, from))])) }
  } catch (cause) {
    throw new Error(`Cannot read the web page in ${from.pathname}. Run "npm run assets" first.`, { cause })
  }
}
