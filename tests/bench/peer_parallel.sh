#!/usr/bin/env bash
# The same job with GNU parallel, curl and jq, resumable by parallel's own log: for the comparison in run.sh.
#
#   peer_parallel.sh check|run LIST JOBLOG BASE-URL JOBS
#
# It has no intent on disk before the PATCH, and what was under way at a crash is sent again blindly.
set -euo pipefail
command=$1 list=$2 joblog=$3 base=$4 jobs=$5

token=$(curl -sSf -d grant_type=refresh_token -d refresh_token=x -d client_id=y \
    "$base/contoso.onmicrosoft.com/oauth2/v2.0/token" | jq -re .access_token)

one() {
    local at="$base/v1/customers/$1"
    local ask=(curl -sSf -H "Authorization: Bearer $token" -H "Accept: application/json")
    # One curl for the three reads, so that they share a connection.
    "${ask[@]}" "$at" "$at/subscriptions" "$at/entitlements" | jq -se --arg id "$1" '
        .[0].id == $id and .[1].totalCount == (.[1].items | length) and .[2].totalCount == (.[2].items | length)
        and ([.[1].items[] | select(.status == "active")] | length) == 0
        and ([.[2].items[] | select(.entitlementType == "reservedinstance")] | length) == 0' >/dev/null
    [ "$command" = run ] || return 0
    "${ask[@]}" -X PATCH -H "Content-Type: application/json; charset=utf-8" \
        -d '{"relationshipToPartner":"none","attributes":{"objectType":"Customer"}}' "$at" |
        jq -e '.RelationshipToPartner == "none"' >/dev/null
}
export -f one
export token base command

tail -n +2 "$list" | SHELL=/bin/bash parallel -j "$jobs" --joblog "$joblog" --resume one {}
