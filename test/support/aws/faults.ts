/** No answer at all, a connection that ends in place of an answer, or in the middle of its body. */
type Break = 'hang' | 'cut' | 'half'

export interface FaultRule<Name extends string> {
  /** The action it hits, such as `AssumeRoleWithWebIdentity`; any when absent. */
  readonly action?: string
  /** What it must be about where a server tells faults that, such as the key of a cache; anything when absent. */
  readonly about?: RegExp
  /** How many calls it hits; 1 when absent. */
  readonly times?: number
  /** How many calls it lets pass before; 0 when absent. */
  readonly after?: number
  readonly answer: Name | Break
}

export interface Faults<Name extends string> {
  /** Arms a rule. Rules apply in the order they came; disposing one takes back what is left of it. */
  add(rule: FaultRule<Name>): Disposable
  /** Uses up one hit of the first rule that matches. */
  take(action: string, about?: string): Name | Break | undefined
}

export function createFaults<Name extends string>(): Faults<Name> {
  const armed: { rule: FaultRule<Name>; wait: number; left: number }[] = []
  return {
    add(rule) {
      const fault = { rule, wait: rule.after ?? 0, left: rule.times ?? 1 }
      armed.push(fault)
      return {
        [Symbol.dispose]() {
          fault.left = 0
        },
      }
    },
    take(action, about = '') {
      const fault = armed.find(({ rule, left }) => left > 0 && hits(rule, action, about))
      if (fault === undefined) return undefined
      if (fault.wait > 0) {
        fault.wait -= 1
        return undefined
      }
      fault.left -= 1
      return fault.rule.answer
    },
  }
}

const hits = (rule: Pick<FaultRule<string>, 'action' | 'about'>, action: string, about: string): boolean =>
  (rule.action === undefined || rule.action === action) && (rule.about?.test(about) ?? true)
