#!/bin/sh
# Installs lsops into $INPUT_INSTALLED, for $INPUT_PYTHON: a release, or without one the checkout of the action with what
# its lock says. `-I` keeps what lies in the working directory, which a pull request writes, out of Python.
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
  install "lsops[policy]==$INPUT_VERSION"
else
  install --require-hashes --requirement "$checkout/requirements/action.txt"
  install --no-deps --no-build-isolation "$checkout"
fi
