declare module '@renovate/pep440' {
  export function valid(version: string): string | null
  export function clean(version: string): string | null
  export function explain(version: string): {
    readonly epoch: number
    readonly release: readonly number[]
    readonly is_prerelease: boolean
    readonly is_devrelease: boolean
    readonly is_postrelease: boolean
  } | null
}
