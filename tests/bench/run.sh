#!/usr/bin/env bash
# The benchmarks of docs/performance.md, all of them or those named. Installs what is missing, builds the release programs, prints
# tables, and draws docs/workers.svg and docs/growth.svg anew. Not part of ctest, since times are nobody's promise. Takes about
# half an hour on two quiet cores, and ends by itself after three.
#
#   tests/bench/run.sh                       everything
#   tests/bench/run.sh cost                  parts: cost, scale, requests
#   tests/bench/run.sh --quick               the same with fewer tenants, and the plots beside the build: some minutes
#   OFFBOARD_BENCH_ROUNDS=9 tests/bench/run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=../../.ci/packages.sh
. .ci/packages.sh

work=$PWD/build-release/bench
rounds=${OFFBOARD_BENCH_ROUNDS:-5}
plots=docs cost_tenants=2000 list_tenants=1000000
if [ "${1:-}" = --quick ]; then
    shift
    plots=$work cost_tenants=300 list_tenants=50000
fi
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(cost scale requests)

install_packages bench
log=$(mktemp)
if ! { cmake --preset release && cmake --build --preset release -j "$(nproc)" --target offboard partner-center-sim; } >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    exit 1
fi
rm -f "$log"
mkdir -p "$work"

for part in "${parts[@]}"; do
    printf '\n=== %s ===\n' "$part"
    case $part in
        cost)
            timeout 1h python3 -B tests/bench/cost.py build-release "$work" --rounds "$rounds" --tenants "$cost_tenants" \
                --workers-data "$work/workers.data"
            gnuplot -e "data='$work/workers.data'" tests/bench/workers.gnuplot >"$plots/workers.svg"
            ;;
        scale)
            timeout 1h python3 -B tests/bench/scale.py build-release --rounds "$rounds" --tenants "$list_tenants" \
                --growth-data "$work/growth.data"
            gnuplot -e "data='$work/growth.data'" tests/bench/growth.gnuplot >"$plots/growth.svg"
            ;;
        requests)
            OFFBOARD_PROGRAMS=$PWD/build-release timeout 1h python3 -B tests/bench/requests.py
            ;;
        *)
            printf 'no such part: %s\n' "$part" >&2
            exit 2
            ;;
    esac
done
