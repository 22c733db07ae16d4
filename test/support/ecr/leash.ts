/**
 * A shell line that becomes the program in its arguments and ends it when stdin closes: as stdin is a pipe held by
 * the test, neither a crash nor SIGKILL of the test leaves a registry behind. For `sh -c leash sh PROGRAM ARGS…`.
 */
export const leash = 'exec 3<&0; (cat <&3 >/dev/null; kill $$) & exec "$@" </dev/null 3<&-'
