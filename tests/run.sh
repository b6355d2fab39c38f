#!/usr/bin/env bash
# Every test: the build with warnings as errors, all tests of the release build, the same under the address and undefined-behaviour
# sanitizers, a minute of hostile input for each fuzz target, those with threads under the thread sanitizer, and the linters. Installs
# what is missing. Run it again as often as you like.
#
#   tests/run.sh                     all of it
#   tests/run.sh release lint        parts: release, asan, fuzz, tsan, lint
#   OFFBOARD_FUZZ_SECONDS=3600 tests/run.sh fuzz      an hour for each target
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=../.ci/packages.sh
. .ci/packages.sh

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(release asan fuzz tsan lint)
cores=$(nproc)
passed=0
failed=0
failures=()

headline() { printf '\n=== %s (%d s so far) ===\n' "$*" "$SECONDS"; }

# build PRESET TARGET…: quiet unless it fails.
build() {
    local preset=$1 log
    shift
    log=$(mktemp)
    if ! { cmake --preset "$preset" && cmake --build --preset "$preset" -j "$cores" --target "$@"; } >"$log" 2>&1; then
        grep -E 'error|FAILED|CMake Error' "$log" | head -40 || true
        tail -40 "$log"
        rm -f "$log"
        failed=$((failed + 1))
        failures+=("build of $preset")
        return 1
    fi
    rm -f "$log"
}

# check NAME COMMAND…: one thing that passes or fails as a whole.
check() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        failures+=("$name")
    fi
}

# run_tests PRESET CTEST-ARGUMENT…: counts what ctest counts.
run_tests() {
    local preset=$1 log summary
    shift
    log=$(mktemp)
    # More than there are cores: half of the programs' tests wait for something most of the time.
    ctest --preset "$preset" -j $((2 * cores)) --no-tests=error "$@" 2>&1 | tee "$log" || true
    summary=$(grep -E '[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+' "$log" || true)
    rm -f "$log"
    if [ -z "$summary" ]; then
        failed=$((failed + 1))
        failures+=("ctest of $preset gave no summary")
        return
    fi
    local bad all
    bad=$(sed -E 's/.*, ([0-9]+) tests failed.*/\1/' <<<"$summary")
    all=$(sed -E 's/.*out of ([0-9]+).*/\1/' <<<"$summary")
    passed=$((passed + all - bad))
    failed=$((failed + bad))
    [ "$bad" -eq 0 ] || failures+=("$bad tests of $preset")
}

# fuzz: each target for OFFBOARD_FUZZ_SECONDS, as many at a time as there are cores.
fuzz() {
    local work log
    work=$(mktemp -d)
    log=$work/results
    printf '%s\n' build-asan/fuzz/* | xargs -P "$cores" -n 1 tests/fuzz/one.sh "$work" | tee "$log" || true
    passed=$((passed + $(grep -c '^passed: fuzz ' "$log")))
    failed=$((failed + $(grep -c '^failed: fuzz ' "$log")))
    mapfile -t -O "${#failures[@]}" failures < <(sed -n 's/^failed: //p' "$log")
    echo "What was found worth keeping is in $work"
}

formatted() {
    git ls-files '*.cpp' '*.hpp' | xargs clang-format-14 --dry-run --Werror
}

# Over the rooms as the sanitizer's build compiles them, each in one go: the same findings in a tenth of the time.
linted() {
    local log
    log=$(mktemp)
    if run-clang-tidy-14 -p build-asan -j "$cores" -quiet "$PWD/build-asan/src/.*" >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    grep -E 'error:|warning:' "$log" | sort -u | head -40
    rm -f "$log"
    return 1
}

install_packages tests
for part in "${parts[@]}"; do
    headline "$part"
    case $part in
        release) build release all && run_tests release ;;
        # Without what is slow and shows nothing more of the memory than its neighbours do.
        asan) build asan all &&
            OFFBOARD_SANITIZED=1 run_tests asan -E '^(pacing\.table|program\.(sign_in_real|spreadsheet|sample_report))$' ;;
        fuzz) build asan fuzz_targets && fuzz ;;
        # Where threads meet: the workers, the transport they cancel each other's exchanges on, and the whole program.
        tsan) build tsan offboard partner-center-sim run_test http_test &&
            TSAN_OPTIONS="suppressions=$PWD/tests/tsan.suppressions" OFFBOARD_SANITIZED=1 run_tests tsan -R '^(unit\.(run|http)|program\.batch)' ;;
        lint)
            # For the list of how each room is compiled.
            build asan all && {
                check 'clang-format' formatted
                check 'clang-tidy' linted
                check 'mutants' tests/mutation/run.py --quick
            }
            ;;
        *)
            echo "unknown part: $part (release, asan, fuzz, tsan, lint)" >&2
            exit 2
            ;;
    esac || true
done

echo
for failure in "${failures[@]}"; do echo "failed: $failure"; done
echo "$passed passed, $failed failed, in $SECONDS s"
[ "$failed" -eq 0 ]
