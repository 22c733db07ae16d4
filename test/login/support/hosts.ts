import { ciRole } from '../../support/aws/cloud.ts'

export const east = '123456789012.dkr.ecr.us-east-1.amazonaws.com'
export const other = '210987654321.dkr.ecr.us-east-1.amazonaws.com'
export const west = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
export const role = ciRole.arn
