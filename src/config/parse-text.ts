import { itemsOf } from '../schema/csv.ts'
import type { Split } from '../schema/fields.ts'
import { splitRules } from '../tags/list.ts'
import { alternativesOf, type Shape, typesOf } from './alternatives.ts'

/** What a text says, or what is wrong with it. */
export type Parsed = { readonly value: unknown } | { readonly message: string }

/**
 * What a text says where a shape stands. Text that is not what the shape wants stays text, so that the schema says what
 * it wants. `parseMapping` reads what is a mapping, which is YAML.
 */
export function parseText(text: string, shape: Shape, parseMapping: (text: string) => Parsed): Parsed {
  const types = typesOf(shape)
  const { list } = shape
  if (isLines(shape)) return parseLines(text, isSplit(list) ? list : 'lines')
  if (list === 'tags') return { value: splitRules(text) }
  if (list === 'rules') return { value: splitList(text) }
  if (isSplit(list)) return parseItems(text, list)
  if (types.has('object') || isListAlone(types)) return parseMapping(text)
  if (types.has('boolean')) return { value: booleans.get(text.trim().toLowerCase()) ?? text }
  if (types.has('integer') || types.has('number'))
    return { value: /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text }
  return { value: text }
}

/** A list of mappings, such as the nodes of a builder; a command may be text too, and is taken as such. */
const isListAlone = (types: ReadonlySet<string>): boolean => types.has('array') && !types.has('string')

const booleans = new Map([
  ['true', true],
  ['false', false],
])

/**
 * Splits a list at line ends and commas, but for commas that belong to an item: in braces (`{a,b}.json`) and in a rule
 * (`type=raw,value=edge`).
 */
export const splitList = (text: string): string[] =>
  text
    .split(/\r?\n|,(?![^{}\n]*\})(?!\s*(?!type=)[\w-]+=)/)
    .map(item => item.trim())
    .filter(item => item !== '')

/** True for a map whose values are text, such as build arguments. */
const isLines = (shape: Shape): boolean => {
  const { additionalProperties: inner, properties } = shape
  return properties === undefined && typeof inner === 'object' && alternativesOf(inner).every(isText)
}

const isText = ({ type }: Shape): boolean => [type].flat().includes('string')

type ItemSplit = Exclude<Split, 'rules' | 'tags'>

const rulesOf = (split: ItemSplit) => ({
  commas: split === 'commas',
  quotes: split !== 'raw',
  comments: split === 'commented',
})

const isSplit = (list: unknown): list is ItemSplit => ['commas', 'lines', 'commented', 'raw'].includes(String(list))

function parseItems(text: string, split: ItemSplit): Parsed {
  const items = readItems(text, rulesOf(split))
  return items === undefined ? badQuotes : { value: items.map(item => item.text) }
}

function parseLines(text: string, split: ItemSplit): Parsed {
  const items = readItems(text, rulesOf(split))
  if (items === undefined) return badQuotes
  const broken = items.find(item => item.text.indexOf('=') < 1)
  if (broken !== undefined)
    return {
      message: `line ${broken.line} is not NAME=value (not shown); a value of several lines stands in quotes, one of the environment is NAME=\${{ env.NAME }}, and there are no comments here`,
    }
  return { value: Object.fromEntries(items.map(item => nameAndValue(item.text))) }
}

const badQuotes = {
  message: 'an item that begins with a quote must end with one; a quote in it is written twice (not shown)',
}

/** Undefined where quotes do not fit together. */
function readItems(text: string, rules: Parameters<typeof itemsOf>[1]): ReturnType<typeof itemsOf> | undefined {
  try {
    return itemsOf(text, rules)
  } catch {
    return undefined
  }
}

function nameAndValue(line: string): [string, string] {
  const equals = line.indexOf('=')
  return [line.slice(0, equals).trim(), line.slice(equals + 1)]
}
