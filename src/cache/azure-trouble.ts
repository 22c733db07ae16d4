/** An answer of the Blob service that is an error. */
interface Refused {
  readonly status: number
  /** of the answer's header `x-ms-error-code`, which a HEAD has too */
  readonly code: string
  readonly container: string
}

/** Pure: what is wrong, in words; undefined where the blob is just not there ("Blob service error codes"). */
export function troubleInAzure({ status, code, container }: Refused): string | undefined {
  if (code === 'ContainerNotFound') return `there is no container ${container}`
  if (status === 404) return undefined
  if (status === 403 || status === 401)
    return `it does not let us in (${code || status}): AZURE_STORAGE_KEY must be a key of the account, or AZURE_STORAGE_SAS_TOKEN must not have ended and allow to read, create and write in ${container}`
  if (status === 503 || status === 429) return `it takes no more requests for now (${status})`
  return `it answered ${status}${code === '' ? '' : ` ${code}`}`
}

/**
 * Pure: the same of BuildKit's own words where it signed in by itself (azure-sdk-for-go, azidentity): its environment is
 * the builder's, not that of this process.
 */
export const azureAdvice = (said: string): string | undefined =>
  /DefaultAzureCredential|failed to acquire a token|ManagedIdentityCredential|EnvironmentCredential/.test(said)
    ? 'no identity of Azure in the builder: set AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN here, which a builder on this machine can do with, or give the builder one (a managed identity, or AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_FEDERATED_TOKEN_FILE in its environment)'
    : undefined
