// Parts of Newman that its types leave out.

declare module 'newman/lib/util.js' {
  const util: { readonly version: string }
  export default util
}

declare module 'newman/lib/run/secure-fs.js' {
  class SecureFS {
    _resolve(path: string, allowed: readonly string[]): string | undefined
    workingDir: string
  }
  export default SecureFS
}
