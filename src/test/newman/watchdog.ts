interface Watch {
  readonly timeout: number
  readonly grace: number
  ask(): void
  kill(): void
}

/** Asks at the time-out, kills after the grace; kills too when a worker that is done does not go. */
export function watchdog({ timeout, grace, ask, kill }: Watch) {
  let late = false
  let killer: NodeJS.Timeout | undefined
  const timer = setTimeout(() => {
    late = true
    ask()
    killer = setTimeout(kill, grace)
  }, timeout)
  return {
    timedOut: () => late,
    done() {
      clearTimeout(timer)
      killer ??= setTimeout(kill, grace)
    },
    stop() {
      clearTimeout(timer)
      clearTimeout(killer)
    },
  }
}
