import { type Conditions, type Context, holds, like, parseOperator } from './conditions.ts'

type OneOrMore = string | readonly string[]

export interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  /** In trust policies alone. */
  readonly Principal?: '*' | Readonly<Partial<Record<'AWS' | 'Federated' | 'Service', OneOrMore>>>
  /** Or `NotAction`, never both. */
  readonly Action?: OneOrMore
  readonly NotAction?: OneOrMore
  /** In permission policies alone. */
  readonly Resource?: OneOrMore
  readonly Condition?: Conditions
}

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: Statement | readonly Statement[]
}

export interface Question {
  readonly action: string
  /** `*` for actions that know no resource; undefined for trust policies. */
  readonly resource?: string
  /** Who asks, by the names under which a trust policy may know them. */
  readonly principal?: { readonly kind: 'AWS' | 'Federated'; readonly names: readonly string[] }
  readonly context?: Context
}

/** One policy's answer: a denial is final, silence denies unless something else allows. */
export type Verdict = 'allowed' | 'denied' | 'silent'

/** Judges as IAM does: any Deny that applies, else any Allow that applies. */
export function evaluate({ Statement }: PolicyDocument, question: Question): Verdict {
  const effects = [Statement]
    .flat()
    .filter(statement => applies(statement, question))
    .map(({ Effect }) => Effect)
  if (effects.includes('Deny')) return 'denied'
  return effects.includes('Allow') ? 'allowed' : 'silent'
}

function applies(statement: Statement, { action, resource, principal, context = {} }: Question): boolean {
  if (!speaksOf(statement, action)) return false
  if (resource !== undefined && ![statement.Resource ?? []].flat().some(pattern => like(pattern, resource)))
    return false
  return names(statement, principal) && holds(statement.Condition ?? {}, context)
}

function speaksOf({ Action, NotAction }: Statement, action: string): boolean {
  const named = [Action ?? NotAction ?? []].flat().some(pattern => like(pattern.toLowerCase(), action.toLowerCase()))
  return Action === undefined ? !named : named
}

/** A principal is named exactly: `*` stands for all of them, and never for a part of a name. */
function names({ Principal }: Statement, asking: Question['principal']): boolean {
  if (asking === undefined) return true
  if (Principal === '*') return asking.kind === 'AWS'
  const named = [Principal?.[asking.kind] ?? []].flat()
  return named.some(name => asking.names.includes(name) || (name === '*' && asking.kind === 'AWS'))
}

/** Throws on a policy that IAM would not take, or that uses what is not built here. */
export function checkPolicy(document: PolicyDocument, kind: 'trust' | 'permission'): void {
  if (document.Version !== '2012-10-17') throw new Error('A policy has the version 2012-10-17')
  const statements = [document.Statement].flat()
  if (statements.length === 0) throw new Error('A policy has statements')
  for (const statement of statements) {
    if (!['Allow', 'Deny'].includes(statement.Effect)) throw new Error('A statement allows or denies')
    const { Action, NotAction } = statement
    if ([Action ?? NotAction ?? []].flat().length === 0) throw new Error('A statement names actions')
    if (Action !== undefined && NotAction !== undefined) throw new Error('A statement has Action or NotAction')
    if (kind === 'trust' ? statement.Principal === undefined : statement.Resource === undefined) {
      throw new Error(`A statement of a ${kind} policy names a ${kind === 'trust' ? 'principal' : 'resource'}`)
    }
    for (const operator of Object.keys(statement.Condition ?? {})) parseOperator(operator)
  }
}

/** A permission policy with these actions on everything. */
export const allow = (...actions: readonly string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: actions, Resource: '*' },
})
