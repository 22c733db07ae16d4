// File commands let a step change later steps; the others are rights (docs.github.com, "Variables reference").
const rights =
  /^(AWS_.*|ACTIONS_.*|INPUT_.*|PCE_.*|GITHUB_(TOKEN|ENV|OUTPUT|PATH|STATE|STEP_SUMMARY|ARTIFACTS)|GH_(ENTERPRISE_)?TOKEN|DOCKER_AUTH_CONFIG)$/i

/** True for a variable that gives rights to this process alone: the login of a push, AWS, GitHub, Actions. */
export const isRight = (name: string): boolean => rights.test(name)

/** What is said where a configuration asks for such a variable: whoever writes it must not choose what pce holds. */
export const rightMessage =
  'a secret with a name of its own, such as NPM_TOKEN: this name is for what pce or the job itself may do; give the value under another name (that of GITHUB_TOKEN as GH_PACKAGES_TOKEN)'
