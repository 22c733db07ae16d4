declare module '@vercel/ncc' {
  interface Options {
    cache?: boolean
    minify?: boolean
    quiet?: boolean
    license?: string
    target?: string
  }
  interface Built {
    code: string
    assets: Record<string, { source: string | Buffer }>
  }
  export default function ncc(input: string, options?: Options): Promise<Built>
}
