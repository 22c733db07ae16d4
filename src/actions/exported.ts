/** Variables that a login changes for later steps; the post step gives them back. */
export const pointers = ['DOCKER_CONFIG', 'BUILDX_CONFIG'] as const

/** Variables that say where AWS is asked; the post step gives them back. */
export const regions = ['AWS_REGION', 'AWS_DEFAULT_REGION'] as const

/** Variables that export-credentials sets. */
export const exported = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', ...regions] as const
