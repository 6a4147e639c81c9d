#!/bin/sh
# What the tests of pages, graphs, completion and man pages use beside Python: a Chromium, graphviz, shells and mandoc, from
# the machine's own packages, and Mermaid's parser from npm.
set -eu

parser="$(dirname "$0")/../node"
if command -v npm >/dev/null; then
	npm ci --prefix "$parser" --silent --ignore-scripts --no-audit --no-fund || echo "Mermaid's parser could not be installed" >&2
fi

missing=""
for tool in chromium:chromium dot:graphviz fish:fish zsh:zsh mandoc:mandoc; do
	command -v "${tool%%:*}" >/dev/null || missing="$missing ${tool##*:}"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
	echo "some tests are skipped without:$missing" >&2
	exit 0
fi
if [ "$(id -u)" = 0 ]; then
	sudo=""
else
	sudo="sudo -n"
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # several words are meant
if ! $sudo apt-get install -qq --no-install-recommends $missing >/dev/null 2>&1; then
	{ $sudo apt-get update -qq && $sudo apt-get install -qq --no-install-recommends $missing; } >/dev/null 2>&1 ||
		echo "some tests are skipped without:$missing, which could not be installed" >&2
fi
