# shellcheck shell=sh
# Sourced by script/test, script/demo and by people: `. script/env.sh`. Puts the programs that script/setup installed
# on PATH, and exports what a host without Docker Hub needs; elsewhere setup wrote nothing to export.
pce_tools=${PCE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/pce-actions}
case ":$PATH:" in
  *":$pce_tools/bin:"*) ;;
  *) export PATH="$pce_tools/bin:$PATH" ;;
esac
# shellcheck disable=SC1091 # written by script/setup
if [ -f "$pce_tools/environment.sh" ]; then . "$pce_tools/environment.sh"; fi
# The engine with the containerd image store that setup started; where the host's own is one, it serves the tests.
if [ -S /run/pce-current/docker.sock ]; then export PCE_TEST_ENGINE_CURRENT=unix:///run/pce-current/docker.sock; fi
unset pce_tools
