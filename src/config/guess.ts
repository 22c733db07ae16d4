import { findPort, findStages, type Stage } from './dockerfile.ts'
import { imageNameOf } from './image-name.ts'
import type { Tree } from './tree.ts'

/** What was seen of a repository; paths are relative to it. */
export interface Facts {
  /** the name of its directory, without the path */
  readonly directory: string
  /** URL of the git remote `origin` */
  readonly remote?: string | undefined
  /** where the directory is in its checkout: empty for the root of it, `apps/web` in a repository of many */
  readonly prefix?: string | undefined
  /** the build context, normalised: `.` for the repository */
  readonly context: string
  /** where one is named by an input or flag, that one alone */
  readonly dockerfiles: readonly Dockerfile[]
  /** the stage that an input or flag names */
  readonly target?: string | undefined
  /** the one that Compose would take first */
  readonly compose?: string | undefined
  readonly collections: readonly string[]
}

export interface Dockerfile {
  readonly path: string
  readonly text: string
}

/** One guess: what `pce.yml` would say, and a line that says where it is from. */
export interface Guess {
  /** the key that is guessed, such as `app.port`: given by an input or flag, the guess is dropped */
  readonly key: string
  readonly tree: Tree
  readonly note: string
}

/** The image's name: that of the git remote, or the directory's. */
export function guessImage({ directory, remote, prefix = '' }: Facts): Guess {
  const path = pathOf(remote ?? '')
  const fromRemote = path === '' ? undefined : imageNameOf(path, prefix.split('/').at(-1) ?? '')
  const image = fromRemote ?? imageNameOf(directory) ?? 'app'
  const origin = fromRemote === undefined ? "the directory's name" : 'the git remote'
  return { key: 'image', tree: { image }, note: `image: ${image}, from ${origin}` }
}

/** `acme/web` of `https://host/acme/web.git`, `git@host:acme/web`; empty for a path on this machine. */
function pathOf(remote: string): string {
  const [, path = ''] = /^(?:(?!file:)[a-z+]+:\/\/[^/]+\/|[^/:]+@[^/:]+:)(.+?)(?:\.git)?\/*$/i.exec(remote) ?? []
  return path
}

/** What a Dockerfile says: the stage that ships, the stage that tests, the port. */
export function guessFrom({ path, text }: Dockerfile, target: string | undefined): readonly Guess[] {
  const stages = findStages(text)
  const test = stages.find(({ name }) => /^tests?(-image)?$/.test(name))
  const shipped = stages.find(({ name }) => name === target?.toLowerCase()) ?? stages.findLast(stage => stage !== test)
  return [
    ...guessBuild(path, shipped === stages.at(-1) ? undefined : shipped),
    ...(test === undefined
      ? []
      : [
          {
            key: 'unit.target',
            tree: { unit: { target: test.name } },
            note: `unit.target: ${test.name}, a stage of ${path}`,
          },
        ]),
    ...guessApp(path, shipped === undefined ? undefined : findPort(stages, shipped)),
  ]
}

export const guessBuild = (file: string, shipped: Stage | undefined): readonly Guess[] => [
  { key: 'build.file', tree: { build: { file } }, note: `build.file: ${file}, found in the repository` },
  ...(shipped === undefined ? [] : [guessTarget(file, shipped.name)]),
]

/** The last stage is for tests: it must not be taken for what ships. */
const guessTarget = (file: string, target: string): Guess => ({
  key: 'build.target',
  tree: { build: { target } },
  note: `build.target: ${target}, the last stage of ${file} that is not for tests`,
})

const guessApp = (path: string, port: number | undefined): readonly Guess[] =>
  port === undefined
    ? []
    : [{ key: 'app.port', tree: { app: { port } }, note: `app.port: ${port}, from EXPOSE in ${path}` }]

export const guessCompose = ({ compose }: Facts): readonly Guess[] =>
  compose === undefined
    ? []
    : [{ key: 'compose', tree: { compose }, note: `compose: ${compose}, found in the repository` }]

/** Newman needs an address to talk to; collections without a known port are told, never passed over. */
export function guessNewman({ collections }: Facts, hasApp: boolean): readonly Guess[] {
  if (collections.length === 0) return []
  const found = collections.join(', ')
  if (hasApp)
    return [
      {
        key: 'newman.collections',
        tree: { newman: { collections } },
        note: `newman: ${found}, found in the repository`,
      },
    ]
  return [
    {
      key: 'newman.collections',
      tree: {},
      note: `Skipped newman: ${found} can't run, since no port is known; set app.port`,
    },
  ]
}
