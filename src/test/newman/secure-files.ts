import { realpathSync } from 'node:fs'
import { sep } from 'node:path'
import SecureFS from 'newman/lib/run/secure-fs.js'

/**
 * Newman's wall around the working directory compares paths without following links (6.2.2, lib/run/secure-fs.js), so a
 * link committed beside a collection would send any file of this machine. This makes it compare real paths.
 */
export function confineFiles(): void {
  const resolve = SecureFS.prototype._resolve
  SecureFS.prototype._resolve = function (path, allowed) {
    const resolved = resolve.call(this, path, allowed)
    return resolved !== undefined && isInside(realOf(resolved), realOf(this.workingDir)) ? resolved : undefined
  }
}

const isInside = (path: string, directory: string): boolean => path === directory || path.startsWith(directory + sep)

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path // it does not exist: reading it will say so
  }
}
