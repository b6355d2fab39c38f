#!/usr/bin/env bash
# Fuzzes one target for OFFBOARD_FUZZ_SECONDS (60 unless told) and says in a line how it went; on a finding, what to replay. What it finds
# worth keeping goes to WORK/NAME/corpus and not into the tree. OFFBOARD_FUZZ_OUTSIDE names what outside.sh has fetched.
#
#   tests/fuzz/one.sh WORK build-asan/fuzz/NAME
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
target=$2
name=$(basename "$target")
work=$1/$name
mkdir -p "$work/corpus"

# The targets that read files write each input to a file first.
memory=/dev/shm
[ -w "$memory" ] || memory=${TMPDIR:-/tmp}
scratch=$(mktemp -d -p "$memory")
trap 'rm -rf "$scratch"' EXIT

corpora=("$work/corpus" "$here/corpus/$name")
outside=${OFFBOARD_FUZZ_OUTSIDE:-}/$name
if [ -d "$outside" ]; then corpora+=("$outside"); fi
seconds=${OFFBOARD_FUZZ_SECONDS:-60}
# These are small, and find nothing new after seconds.
case $name in address | next_link | token_claims) seconds=$((seconds / 3)) ;; esac
limits=(-max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=2048)

if TMPDIR=$scratch "$target" "${limits[@]}" -dict="$here/words/$name" -artifact_prefix="$work/" "${corpora[@]}" >"$work/log" 2>&1; then
    echo "passed: fuzz $name: $(sed -nE 's/^#([0-9]+)\s+DONE\s+cov: ([0-9]+) ft: ([0-9]+) corp: ([^ ]+).*/\1 runs, \2 edges, \3 features, corpus \4/p' "$work/log")"
    exit
fi
report="failed: fuzz $name"$'\n'$(grep -A 60 -E 'ERROR|what\(\)|runtime error' "$work/log" | head -n 60)
for input in "$work"/{crash,leak,oom,timeout}-*; do
    [ -f "$input" ] || continue
    report+=$'\n'"replay with: base64 -d <<<$(base64 -w 0 "$input") >input; $target input"
done
echo "$report"
exit 1
