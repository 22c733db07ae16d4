import { z } from 'zod'

/** Keys about tags: references, or `type=sha`, `type=ref`, `type=raw,value=…`, `type=semver`. */
export const tagRuleSchema = z
  .string()
  .regex(
    /^(type=(sha|ref|semver)|type=raw,value=[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/,
    'a tag, or a rule: type=sha, type=ref, type=semver, type=raw,value=…',
  )
