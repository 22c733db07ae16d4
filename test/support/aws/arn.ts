/** `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME` */
export interface RoleArn {
  readonly partition: string
  readonly account: string
  /** Without its path: an assumed role's ARN leaves the path out. */
  readonly name: string
}

/** Undefined when the text names no role. */
export function parseRoleArn(text: string): RoleArn | undefined {
  const [, partition, account, name] =
    /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(text) ?? []
  return partition && account && name ? { partition, account, name } : undefined
}

/** The endpoint suffix and its reach, of which the first label tells the partition. */
export const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn'
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws'
}
