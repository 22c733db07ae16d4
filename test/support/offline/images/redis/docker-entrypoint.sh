#!/bin/sh
set -e
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then set -- redis-server "$@"; fi
# The real image is compiled without protected mode: other containers reach it.
if [ "$1" = redis-server ]; then set -- "$@" --protected-mode no; fi
if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  chown -R redis .
  exec setpriv --reuid=redis --regid=redis --init-groups "$@"
fi
exec "$@"
