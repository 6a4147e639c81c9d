#!/bin/sh
# Builds the release of the tag $1 into dist/, twice, the second time from a copy with another mask, and refuses where the
# two differ; build/lsops-man-VERSION.tar.gz with the man pages; and build/lsops.cdx.json, a bill of materials of what
# stands beside an installed lsops. All that takes part is locked by hash.
set -eu
umask 022
cd -- "$(dirname -- "$0")/.."

environment() {
  folder=$1
  shift
  python -I -m venv "$folder"
  "$folder/bin/python" -I -m pip install --quiet --no-input --disable-pip-version-check "$@"
}

version=$(python -I -c 'import runpy; print(runpy.run_path("lsops/version.py")["__version__"])')
if [ "$1" != "v$version" ]; then
  echo "the tag is $1, and lsops/version.py says $version" >&2
  exit 1
fi

rm -rf dist build/release
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
environment build/release/tools --require-hashes --requirement requirements/action.txt
build/release/tools/bin/python -I -m hatchling build --directory dist
top=$PWD
mkdir build/release/copy
git archive HEAD | (umask 077 && tar -x -m -C build/release/copy --no-same-permissions)
(umask 077 && cd build/release/copy && "$top/build/release/tools/bin/python" -I -m hatchling build \
  --directory "$top/build/release/again")
diff -r build/release/again dist
build/release/tools/bin/python -m docs.make.man build/release/man
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C build/release/man -cf - . \
  | gzip -n -9 > "build/lsops-man-$version.tar.gz"

environment build/release/installed --require-hashes --requirement requirements/action.txt
build/release/installed/bin/python -I -m pip install --quiet --no-deps dist/*.whl
build/release/installed/bin/python -I -m pip uninstall --quiet --yes hatchling editables pathspec pluggy tomlkit \
  trove-classifiers pip
environment build/release/describes --require-hashes --requirement requirements/release.txt
# The bill reads the version of what it is about from here, and does not know one that is computed.
sed "s/^dynamic = .*/version = \"$version\"/" pyproject.toml > build/release/pyproject.toml
build/release/describes/bin/cyclonedx-py environment --pyproject build/release/pyproject.toml --output-reproducible \
  --output-format JSON --output-file build/lsops.cdx.json build/release/installed/bin/python
