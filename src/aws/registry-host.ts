import { UserError } from '../errors.ts'

/** A private ECR registry, or ECR Public, or any other host. */
export type RegistryHost =
  | {
      readonly kind: 'ecr'
      readonly host: string
      readonly account: string
      readonly region: string
      readonly fips: boolean
    }
  | { readonly kind: 'ecr-public'; readonly host: string }
  | { readonly kind: 'other'; readonly host: string }

// Domains as amazon-ecr-credential-helper knows them (ecr-login/api/client.go); dual-stack hosts are below on.aws.
const domains = [
  'amazonaws\\.com',
  'amazonaws\\.com\\.cn',
  'amazonaws\\.eu',
  'on\\.aws',
  'on\\.amazonwebservices\\.com\\.cn',
  'sc2s\\.sgov\\.gov',
  'c2s\\.ic\\.gov',
  'cloud\\.adc-e\\.uk',
  'csp\\.hci\\.ic\\.gov',
].join('|')
const privateHost = new RegExp(`^(\\d{12})\\.dkr[.-]ecr(-fips)?\\.([a-z]{2,}(?:-[a-z0-9]+)+-\\d+)\\.(?:${domains})$`)
const publicHosts = ['public.ecr.aws', 'ecr-public.aws.com']
const nearMiss = /\.dkr[.-]ecr|(^|\.)ecr[.-].*amazonaws|^public\.ecr/i

/**
 * Pure: what a registry host is. Account and region are in its name, so neither is asked for.
 * @throws UserError for a host that means ECR and is none: a wrong account, a missing region.
 */
export function parseRegistryHost(host: string): RegistryHost {
  const [, account, fips, region] = privateHost.exec(host) ?? []
  if (account !== undefined && region !== undefined)
    return { kind: 'ecr', host, account, region, fips: fips !== undefined }
  if (publicHosts.includes(host)) return { kind: 'ecr-public', host }
  if (!nearMiss.test(host)) return { kind: 'other', host }
  throw new UserError(
    `registries: ${host} is not a host of ECR: ${whatIsWrong(host)}\nIt looks like 123456789012.dkr.ecr.eu-west-1.amazonaws.com, or public.ecr.aws.`,
  )
}

function whatIsWrong(host: string): string {
  const [first = ''] = host.split('.', 1)
  if (/^\d+$/.test(first) && first.length !== 12) return `an account has 12 digits, this one ${first.length}`
  if (!/^\d{12}$/.test(first)) return 'it begins with no account of 12 digits'
  if (!/\.[a-z]{2,}(-[a-z0-9]+)+-\d+\./.test(host)) return 'there is no region in it'
  return 'its domain is none of AWS'
}
