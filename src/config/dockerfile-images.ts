import { expandIn, linesOf, remember, stageOf } from './dockerfile.ts'

const pulling = /^\s*(FROM|COPY|RUN|ARG)\s+(.*)$/i

/**
 * The images that a Dockerfile pulls: its frontend, what stages are FROM, what is copied or mounted from an image. `args`
 * are the build arguments; `contexts` the names that `--build-context` gives another meaning. A look at its lines, no
 * parser: a name that holds an unknown variable is left out.
 */
export function findImages(
  text: string,
  { args, contexts = [] }: { readonly args: Readonly<Record<string, string>>; readonly contexts?: readonly string[] },
): readonly string[] {
  const variables = new Map<string, string>()
  const named = new Set(['scratch', ...contexts.map(name => name.toLowerCase())])
  const found: string[] = []
  let stages = 0
  for (const [, name = '', rest = ''] of linesOf(text, pulling)) {
    if (/^arg$/i.test(name)) rememberArgument(rest, { args, variables, global: stages === 0 })
    const isFrom = /^from$/i.test(name)
    const wanted = isFrom ? [stageOf(expandIn(rest, variables).split(/\s+/), stages).base] : sourcesIn(rest)
    found.push(...wanted.filter(image => !named.has(image.toLowerCase())))
    if (!isFrom) continue
    named.add(stageOf(rest.split(/\s+/), stages).name).add(String(stages))
    stages += 1
  }
  return [...new Set([...frontendOf(text), ...found])].filter(image => !image.includes('$'))
}

/** `# syntax=docker/dockerfile:1`, which counts only before anything else (docs.docker.com, "Parser directives"). */
function frontendOf(text: string): readonly string[] {
  const [, image] = /^(?:#[ \t]*(?!syntax)\w+[ \t]*=.*\r?\n)*#[ \t]*syntax[ \t]*=[ \t]*(\S+)/i.exec(text) ?? []
  return image === undefined ? [] : [image]
}

/** What `COPY --from=` and `RUN --mount=…,from=` name. */
const sourcesIn = (rest: string): readonly string[] =>
  [...rest.matchAll(/(?:^|\s)--(?:from=|mount=(?:[^\s,]+,)*from=)"?([^\s,"]+)/g)].flatMap(([, image]) => image ?? [])

interface Arguments {
  readonly args: Readonly<Record<string, string>>
  readonly variables: Map<string, string>
  /** before the first FROM: only those are known to a FROM */
  readonly global: boolean
}

function rememberArgument(rest: string, { args, variables, global }: Arguments): void {
  if (!global) return
  remember(rest, variables)
  for (const [, name = ''] of rest.matchAll(/(?:^|\s)([A-Za-z_]\w*)/g)) {
    const given = args[name]
    if (given !== undefined) variables.set(name, given)
  }
}
