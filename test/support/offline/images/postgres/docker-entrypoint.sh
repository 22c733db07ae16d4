#!/bin/bash
# The contract of the real image: POSTGRES_USER, _PASSWORD(_FILE), _DB, _INITDB_ARGS, _HOST_AUTH_METHOD, and
# /docker-entrypoint-initdb.d; everything only when the data folder is empty.
set -eo pipefail
[ "${1:0:1}" = - ] && set -- postgres "$@"
if [ "$1" != postgres ]; then exec "$@"; fi

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" && chown postgres "$PGDATA" && chmod 0700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  [ -z "$POSTGRES_PASSWORD_FILE" ] || POSTGRES_PASSWORD=$(<"$POSTGRES_PASSWORD_FILE")
  user=${POSTGRES_USER:-postgres}
  database=${POSTGRES_DB:-$user}
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    exit 1
  fi
  # shellcheck disable=SC2086 # several options in one variable, as in the real image
  initdb --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") $POSTGRES_INITDB_ARGS
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
  PGUSER=$user pg_ctl --options="-c listen_addresses=''" --wait start
  sql() { psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$user" --dbname "$database" "$@"; }
  if [ "$database" != postgres ]; then
    database=postgres sql --set db="$database" <<< 'CREATE DATABASE :"db";'
  fi
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) sql --file "$file" ;;
      *.sql.gz) gunzip --stdout "$file" | sql ;;
    esac
  done
  PGUSER=$user pg_ctl --mode fast --wait stop
  echo 'PostgreSQL init process complete; ready for start up.'
fi
exec "$@" -c listen_addresses='*'
