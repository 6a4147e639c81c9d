#!/bin/sh
# Builds the release of the tag $1 into dist/, twice, and refuses where the two differ; and build/lsops.cdx.json, a bill
# of materials of what stands beside an installed lsops. All that takes part is locked by hash.
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
for target in build/release/again dist; do
  build/release/tools/bin/hatchling build --directory "$target"
done
diff -r build/release/again dist

environment build/release/installed --require-hashes --requirement requirements/action.txt
build/release/installed/bin/python -I -m pip install --quiet --no-deps dist/*.whl
build/release/installed/bin/python -I -m pip uninstall --quiet --yes hatchling editables pathspec pluggy tomlkit \
  trove-classifiers pip
environment build/release/describes --require-hashes --requirement requirements/release.txt
build/release/describes/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
  --output-format JSON --output-file build/lsops.cdx.json build/release/installed/bin/python
