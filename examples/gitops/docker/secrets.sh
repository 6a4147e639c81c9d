#!/bin/sh
# Makes up what compose.yaml needs, once: .env for Label Studio and PostgreSQL, and the token as a file for lsops.
set -eu
cd -- "$(dirname -- "$0")"
if [ -e .env ]; then
  echo ".env is here already"
  exit 0
fi
random() { od -An -N20 -tx1 /dev/urandom | tr -d ' \n'; }
umask 077
mkdir -p secrets
token=$(random)
printf '%s\n' "$token" > secrets/api-key
# The container has another user; who may not enter the folder cannot read the file.
chmod 644 secrets/api-key
printf 'TOKEN=%s\nOWNER_PASSWORD=%s\nDB_PASSWORD=%s\n' "$token" "$(random)" "$(random)" > .env
echo "Wrote .env and secrets/api-key."
