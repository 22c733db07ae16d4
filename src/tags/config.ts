import { z } from 'zod'
import { parseAnnotation } from './annotations.ts'
import { parseFlavor } from './flavor.ts'
import { type Name, parseImage } from './name.ts'
import { type Misread, parseRules } from './rule.ts'

/** Text that a parser takes; what it has against it is told after "expected". */
const readable = (read: (text: string) => object | Misread | undefined, whole: string) =>
  z.string().superRefine((text, context) => {
    const found = read(text)
    if (found !== undefined && 'fault' in found)
      context.addIssue({
        code: 'custom',
        message: /^(a|an|the) /.test(found.fault) ? found.fault : `${whole}: ${found.fault}`,
      })
  })

/** A tag, a full reference, or a rule: `type=sha`, `type=semver,pattern={{version}}`. */
export const tagRuleSchema = readable(parseRules, 'a rule')

/** `latest=auto`, `suffix=-alpine,onlatest=true` */
export const flavorSchema = readable(text => parseFlavor([text]), 'a flavor')

/** `name=value`, or `manifest,index:name=value` */
export const annotationSchema = readable(parseAnnotation, 'annotations at')

/** `ghcr.io/acme/web`, or `name=ghcr.io/acme/web,enable=true` */
export const destinationSchema = readable(parseImage, 'an image')

/** Where an image goes; none where the entry is switched off. */
export function destinationOf(text: string): readonly Name[] {
  const name = parseImage(text)
  return name === undefined || 'fault' in name ? [] : [name]
}
