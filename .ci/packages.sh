# Sourced by samples/demo.sh, tests/run.sh and tests/bench/run.sh: which Debian 12 packages the project needs, and how they get there.
# shellcheck shell=bash

demo_packages=(
    g++ cmake ninja-build pkg-config
    libcurl4-openssl-dev libssl-dev libcjose-dev libsimdjson-dev libyaml-cpp-dev libsqlitecpp-dev libsqlite3-dev
    libfmt-dev libexpected-dev libcli11-dev libspdlog-dev nlohmann-json3-dev libboost-dev
)
# LibreOffice (80 MB to fetch) is the spreadsheet program that opens the audit report; without it that one test is skipped.
tests_packages=(
    "${demo_packages[@]}"
    git catch2 sqlite3 python3 python3-jsonschema python3-yaml clang-14 libclang-rt-14-dev clang-tidy-14 clang-format-14
    libreoffice-calc-nogui openssl faketime
    nodejs npm tinyproxy-bin libnss-wrapper
)
# nginx is unpacked rather than installed, by tests/bench/static_server.py.
bench_packages=(
    "${demo_packages[@]}"
    python3 openssl sqlite3 wrk nghttp2-client python3-aiohttp parallel jq curl gnuplot-nox
)

# Node comes from elsewhere on many machines, and brings an npm along that does not get on with Debian's.
is_installed() {
    case $1 in
        nodejs) command -v node >/dev/null && return ;;
        npm) command -v npm >/dev/null && return ;;
    esac
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# install_packages demo|tests|bench: installs those that are missing, and nothing if none is. Quiet unless it fails.
install_packages() {
    local -n wanted="$1_packages"
    local package log
    local missing=() as_root=()
    for package in "${wanted[@]}"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "There is no apt-get here. Needed are: ${missing[*]}" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Neither root nor sudo. Please have these installed: ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    echo "Installing ${#missing[@]} missing packages: ${missing[*]}"
    log=$(mktemp)
    if ! { "${as_root[@]}" apt-get update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
        >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}
