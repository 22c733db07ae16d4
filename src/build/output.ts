/** Pure: the `--output` that stages an image in a repository. By digest: no tag exists anywhere before the gate. */
export const stagingOutput = (repository: string): string =>
  `type=image,name=${repository},push=true,push-by-digest=true,name-canonical=true,oci-mediatypes=true`
