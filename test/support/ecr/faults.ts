export interface FaultRule {
  /** Any method when absent. */
  readonly method?: string
  /** Matched against path and query, such as `/v2/acme/web/blobs/uploads/?mount=…`. */
  readonly path: RegExp
  /** How many requests it hits; 1 when absent. */
  readonly times?: number
  /** A status with ECR's body, no answer at all, or a connection that ends in place of one. */
  readonly answer: 429 | 500 | 503 | 'hang' | 'cut'
}

export interface Faults {
  /** Arms a rule. Rules apply in the order they came; disposing one takes back what is left of it. */
  add(rule: FaultRule): Disposable
  /** Uses up one hit of the first rule that matches. */
  take(method: string, target: string): FaultRule['answer'] | undefined
}

export function createFaults(): Faults {
  const armed: { rule: FaultRule; left: number }[] = []
  return {
    add(rule) {
      const fault = { rule, left: rule.times ?? 1 }
      armed.push(fault)
      return {
        [Symbol.dispose]() {
          fault.left = 0
        },
      }
    },
    take(method, target) {
      const fault = armed.find(({ rule, left }) => left > 0 && matches(rule, method, target))
      if (fault) fault.left -= 1
      return fault?.rule.answer
    },
  }
}

/** `search` ignores `lastIndex`, which would make a rule with the flag `g` miss every second request. */
const matches = (rule: FaultRule, method: string, target: string): boolean =>
  (rule.method === undefined || rule.method === method) && target.search(rule.path) >= 0
