#!/usr/bin/env bash
# The main job, from a list to the audit report, against a simulated Partner Center on this machine; nothing leaves it.
# Installs what is missing (apt, so as root or with sudo), builds into build/, keeps everything else in var/.
# Run it again: it finds the ledger of the first time, and only the blocked tenants are looked at once more.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=../.ci/packages.sh
. .ci/packages.sh

job=var/demo.yaml
log=var/demo-simulator.jsonl # what the simulated service saw and did, a line per request
simulator=
run=

# What was started here is ended here, by its process id.
clean_up() {
    local pid
    for pid in $run $simulator; do kill -KILL "$pid" 2>/dev/null || true; done
    for pid in $run $simulator; do wait "$pid" 2>/dev/null || true; done
}
trap clean_up EXIT

say() { printf '\n== %s\n' "$*"; }

# expect CODE COMMAND…: shows the command and runs it; any other exit code ends the demo.
expect() {
    local wanted=$1 code=0
    shift
    printf '$ %s\n' "$*"
    "$@" || code=$?
    if [ "$code" -ne "$wanted" ]; then
        echo "demo: that ended with $code, not with $wanted" >&2
        exit 1
    fi
}

build() {
    local output generator=()
    # A build tree that is there already keeps its own generator.
    [ -e build/CMakeCache.txt ] || generator=(-G Ninja)
    output=$(mktemp)
    if ! { cmake -S . -B build "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=0 &&
        cmake --build build -j "$(nproc)" --target offboard partner-center-sim; } >"$output" 2>&1; then
        tail -n 60 "$output" >&2
        rm -f "$output"
        return 1
    fi
    rm -f "$output"
}

start_simulator() {
    local port_file=var/demo-port
    rm -f "$port_file"
    build/partner-center-sim --world samples/world.yaml --port 0 --port-file "$port_file" \
        --log "$log" --state var/demo-simulator-state.jsonl >/dev/null &
    simulator=$!
    until [ -s "$port_file" ]; do
        kill -0 "$simulator" 2>/dev/null || { echo "demo: the simulator did not start" >&2; exit 1; }
        sleep 0.05
    done
    port=$(cat "$port_file")
}

removals() { grep -c '"effects":\["removed"' "$log" 2>/dev/null || true; }

# Starts the run and kills it as soon as the service has removed somebody.
run_and_interrupt() {
    local before code=0
    before=$(removals)
    printf '$ build/offboard run %s     # and kill -9 after the first removals\n' "$job"
    build/offboard run "$job" &
    run=$!
    while kill -0 "$run" 2>/dev/null; do
        if [ "$(removals)" -gt "$before" ]; then
            kill -KILL "$run" 2>/dev/null || true
            break
        fi
        sleep 0.01
    done
    wait "$run" 2>/dev/null || code=$?
    run=
    case $code in
        137) printf '\n(killed)\n' ;;
        4) echo "(it came to its end: there was nothing to remove)" ;;
        *) echo "demo: that ended with $code, neither killed (137) nor with 4" >&2; exit 1 ;;
    esac
}

install_packages demo
echo "Building into build/ (the first time takes some minutes) …"
build

mkdir -p var
export OFFBOARD_CLIENT_SECRET=demo-secret-not-real
(umask 077 && printf %s demo-refresh-token >var/demo-refresh-token)
start_simulator
# The sample job, with the port that is free today.
sed -e "s|127\.0\.0\.1:8700|127.0.0.1:$port|" -e 's|^tenants: .*|tenants: ../samples/tenants.csv|' samples/demo.yaml >"$job"
earlier=$(removals)

say "A simulated Partner Center listens on 127.0.0.1:$port. The job and its list are sound:"
expect 0 build/offboard validate "$job"

if [ -e var/demo.db ]; then
    say "var/demo.db is the ledger of an earlier demo; this one takes up where that ended."
fi

say "A look first: who is blocked, who is ready? Nothing is removed. (Exit 4: one tenant is no customer at all.)"
expect 4 build/offboard check "$job"

say "What stands in the way, of whom, and what to do about it:"
expect 0 build/offboard report "$job" --view blockers

say "Now the main job. Here is what happens when the machine dies in the middle:"
run_and_interrupt
expect 0 build/offboard status "$job"

say "The same command again picks it up. A removal that was under way is read back first, never sent blindly:"
expect 4 build/offboard run "$job"

say "Nobody has meddled with the history:"
expect 0 build/offboard verify "$job"

say "The service's own log: $(($(removals) - earlier)) relationships removed in this demo, $(removals) in all; removed twice or while blocked: $(
    grep -cE '"(second_removal_attempt|removed_while_blocked)"[],]' "$log" || true)"

say "The audit report, also in var/demo-report.csv:"
expect 0 build/offboard report "$job"

say "Read next: README.md, \"A first real job\"."
