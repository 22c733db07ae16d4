/** A builder as `docker buildx inspect` tells it; there is no JSON of it (docs.docker.com, "docker buildx inspect"). */
export interface Inspected {
  readonly driver: string
  readonly nodes: readonly InspectedNode[]
}

export interface InspectedNode {
  readonly name: string
  readonly endpoint: string
  /** such as `{ network: 'host' }` */
  readonly options: Readonly<Record<string, string>>
  /** why it is of no use; undefined when it runs */
  readonly error: string | undefined
  readonly version: string | undefined
  /** all that it builds, emulated ones too */
  readonly platforms: readonly string[]
  /** what it builds without QEMU: what it was set to, and its own, which BuildKit names first */
  readonly native: readonly string[]
}

/** Pure: reads the text of `docker buildx inspect`: a block of `Key: value` lines, then one for each node. */
export function parseInspect(text: string): Inspected {
  const [head = '', ...nodes] = text.split(/^Name:\s*/m).slice(1)
  return { driver: fieldOf(head, 'Driver') ?? '', nodes: nodes.map(nodeOf) }
}

function nodeOf(block: string): InspectedNode {
  const listed = (fieldOf(block, 'Platforms') ?? '').split(/,\s*/).filter(Boolean)
  const own = listed.find(platform => !platform.endsWith('*'))
  return {
    name: block.split('\n', 1)[0]?.trim() ?? '',
    endpoint: fieldOf(block, 'Endpoint') ?? '',
    options: optionsOf(fieldOf(block, 'Driver Options') ?? ''),
    error: fieldOf(block, 'Error'),
    version: fieldOf(block, 'BuildKit version'),
    platforms: listed.map(plain),
    native: [...listed.filter(platform => platform.endsWith('*')), ...(own === undefined ? [] : [own])].map(plain),
  }
}

const plain = (platform: string): string => platform.replace(/\*$/, '')

const fieldOf = (block: string, key: string): string | undefined =>
  new RegExp(`^${key}:[ \\t]*(.+)$`, 'm').exec(block)?.[1]?.trim()

/** `env.NO_PROXY="a b" network="host"`: values are quoted as Go quotes text. */
function optionsOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.-]+)="((?:[^"\\]|\\.)*)"/g)]
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]))
}
