#!/bin/sh
# Installs lsops into $INPUT_INSTALLED, for $INPUT_PYTHON: a release, or without one the checkout of the action with what
# its lock says, with $INPUT_PREVIEW what takes pictures, too. `-I` keeps what lies in the working directory, which a
# pull request writes, out of Python.
set -eu

if [ -x "$INPUT_INSTALLED/bin/lsops" ]; then
  echo "lsops is installed already."
  exit 0
fi

install() {
  "$INPUT_INSTALLED/bin/python" -I -m pip install --quiet --no-input --disable-pip-version-check "$@"
}

checkout=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
"$INPUT_PYTHON" -I -m venv "$INPUT_INSTALLED"
if [ -n "$INPUT_VERSION" ]; then
  extras=policy
  if [ "${INPUT_PREVIEW:-}" = true ]; then extras=policy,preview; fi
  install "lsops[$extras]==$INPUT_VERSION"
else
  install --require-hashes --requirement "$checkout/requirements/action.txt"
  if [ "${INPUT_PREVIEW:-}" = true ]; then
    install --require-hashes --requirement "$checkout/requirements/action-preview.txt"
  fi
  install --no-deps --no-build-isolation "$checkout"
fi
