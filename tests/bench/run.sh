#!/usr/bin/env bash
# The benchmarks of docs/performance.md, all of them or those named. Installs what is missing, builds the release programs, prints
# tables, and draws docs/workers.svg anew. Takes about twenty minutes on two quiet cores; not part of ctest, since times are nobody's promise.
#
#   tests/bench/run.sh                       everything
#   tests/bench/run.sh cost                  parts: cost, scale, requests
#   OFFBOARD_BENCH_ROUNDS=9 tests/bench/run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=../../.ci/packages.sh
. .ci/packages.sh

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(cost scale requests)
rounds=${OFFBOARD_BENCH_ROUNDS:-5}
work=$PWD/build-release/bench

install_packages bench
log=$(mktemp)
if ! { cmake --preset release && cmake --build --preset release -j "$(nproc)" --target offboard partner-center-sim; } >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    exit 1
fi
rm -f "$log"

for part in "${parts[@]}"; do
    printf '\n=== %s ===\n' "$part"
    case $part in
        cost)
            python3 -B tests/bench/cost.py build-release "$work" --rounds "$rounds" --workers-data "$work/workers.data"
            gnuplot -e "data='$work/workers.data'" tests/bench/workers.gnuplot >docs/workers.svg
            ;;
        *)
            program=$(compgen -G "tests/bench/$part.*" | head -n 1 || true)
            [ -z "$program" ] || OFFBOARD_PROGRAMS=$PWD/build-release "$program" build-release
            ;;
    esac
done
