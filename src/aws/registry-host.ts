import { UserError } from '../errors.ts'

/** A private ECR registry, or ECR Public, or any other host. */
export type RegistryHost = PrivateHost | PublicHost | { readonly kind: 'other'; readonly host: string }

export interface PublicHost {
  readonly kind: 'ecr-public'
  readonly host: string
  /** reached by IPv6 as well */
  readonly dualStack: boolean
}

export interface PrivateHost {
  readonly kind: 'ecr'
  readonly host: string
  readonly account: string
  readonly region: string
  /** `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, … */
  readonly partition: string
  readonly fips: boolean
  /** reached by IPv6 as well */
  readonly dualStack: boolean
}

/** Which regions a domain serves (amazon-ecr-credential-helper, ecr-login/api/client.go; the SDK's partitions.json). */
const domains: readonly { readonly domain: string; readonly regions: RegExp; readonly partition: string }[] = [
  { domain: 'amazonaws.com', regions: /^us-gov-/, partition: 'aws-us-gov' },
  { domain: 'on.aws', regions: /^us-gov-/, partition: 'aws-us-gov' },
  { domain: 'amazonaws.com', regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-(?!iso)/, partition: 'aws' },
  { domain: 'on.aws', regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-(?!iso)/, partition: 'aws' },
  { domain: 'amazonaws.com.cn', regions: /^cn-/, partition: 'aws-cn' },
  { domain: 'on.amazonwebservices.com.cn', regions: /^cn-/, partition: 'aws-cn' },
  { domain: 'amazonaws.eu', regions: /^eusc-/, partition: 'aws-eusc' },
  { domain: 'c2s.ic.gov', regions: /^us-iso-/, partition: 'aws-iso' },
  { domain: 'sc2s.sgov.gov', regions: /^us-isob-/, partition: 'aws-iso-b' },
  { domain: 'cloud.adc-e.uk', regions: /^eu-isoe-/, partition: 'aws-iso-e' },
  { domain: 'csp.hci.ic.gov', regions: /^us-isof-/, partition: 'aws-iso-f' },
]
const privateHost = /^(\d{12})\.dkr([.-])ecr(-fips)?\.([a-z]{2,}(?:-[a-z0-9]+)+-\d+)\.([a-z0-9.-]+)$/
/** The second is reached by IPv6 as well (ECR Public user guide, "Dual-stack endpoints"). */
const publicHosts = ['public.ecr.aws', 'ecr-public.aws.com']
const nearMiss =
  /^\d{11,13}$|(^|\.)dkr[.-]ecr|(^|\.)ecr[.-].*amazonaws|^public\.ecr|^\d{10,14}\..*\.amazonaws\.(com|eu)/i

/** Pure: what a registry host is. Account, region and partition are in its name, so none is asked for. */
export function parseRegistryHost(host: string): RegistryHost {
  const found = findPrivate(host)
  if (found !== undefined) return found
  if (publicHosts.includes(host)) return { kind: 'ecr-public', host, dualStack: host === publicHosts[1] }
  const fault = faultOfHost(host)
  if (fault === undefined) return { kind: 'other', host }
  throw new UserError(`registries: ${host} is not ${fault}`)
}

function findPrivate(host: string): PrivateHost | undefined {
  const [, account, dot, fips, region, domain] = privateHost.exec(host) ?? []
  if (account === undefined || region === undefined) return undefined
  const place = domains.find(one => one.domain === domain && one.regions.test(region))
  if (dot !== separatorOf(domain)) return undefined
  if (place === undefined) return undefined
  const { partition } = place
  return { kind: 'ecr', host, account, region, partition, fips: fips !== undefined, dualStack: dot === '-' }
}

/** Hosts that are reached by IPv6 as well are `dkr-ecr`, the others `dkr.ecr` (ECR user guide, "Dual-stack"). */
const separatorOf = (domain = ''): string => (domain.startsWith('on.') ? '-' : '.')

/** Pure: what is wrong with a host that means ECR and is none, after "expected"; undefined for any other host. */
export function faultOfHost(host: string): string | undefined {
  if (findPrivate(host) !== undefined || publicHosts.includes(host) || !nearMiss.test(host)) return undefined
  return `a host of ECR such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com or public.ecr.aws: ${whatIsWrong(host)}`
}

function whatIsWrong(host: string): string {
  const [first = ''] = host.split('.', 1)
  if (/[:/]/.test(host)) return 'it has a port or a path, and hosts of ECR have neither'
  if (host.endsWith('.')) return 'it ends with a dot'
  if (/^\d{12}$/.test(host)) return 'this is an account, and a region belongs to it'
  if (host !== host.toLowerCase()) return 'it has capital letters'
  if (/^\d+$/.test(first) && first.length !== 12) return `an account has 12 digits, this one has ${first.length}`
  if (!/^\d{12}$/.test(first)) return 'it begins with no account of 12 digits'
  const [, region] = /\.([a-z]{2,}(?:-[a-z0-9]+)+-\d+)\./.exec(host) ?? []
  if (region === undefined) return 'there is no region in it'
  const right = domains.filter(({ regions }) => regions.test(region)).map(({ domain }) => domain)
  if (right.length === 0) return `there is no region ${region}`
  const [, dot, domain] = /^\d+\.dkr([.-])ecr(?:-fips)?\.[^.]+\.(.+)$/.exec(host) ?? []
  if (domain !== undefined && right.includes(domain) && dot !== separatorOf(domain))
    return `below ${domain} it is dkr${separatorOf(domain)}ecr`
  return `hosts of ${region} are below ${[...new Set(right)].join(' or ')}`
}
