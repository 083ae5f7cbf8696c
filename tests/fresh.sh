#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a stranger sees: in a minimal Debian with nothing but git and make, clones the last commit
# and runs `make demo` and `make check`. Root and debootstrap are needed.
#
#   tests/fresh.sh [bookworm|trixie]... [demo|check]...     all of them when none is named
#
# Roots live in a temporary folder outside the checkout and go when it ends (KEEP=yes keeps them).
# Exit code: 0 every run passed, 1 one failed, 77 skipped.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)

skip() {
    echo "SKIP: $1"
    exit 77
}

suites=() targets=()
for word; do
    case $word in
    bookworm | trixie) suites+=("$word") ;;
    demo | check) targets+=("$word") ;;
    *)
        echo "usage: tests/fresh.sh [bookworm|trixie]... [demo|check]..." >&2
        exit 2
        ;;
    esac
done
[ ${#suites[@]} -gt 0 ] || suites=(bookworm trixie)
[ ${#targets[@]} -gt 0 ] || targets=(demo check)

[ "$(id -u)" -eq 0 ] || skip 'only root can make a root'
command -v debootstrap >/dev/null || skip 'debootstrap is not here'

# The mirror this machine uses for Debian itself, from either form of sources file.
mirror() {
    {
        cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '
            $1 == "URIs:" { uri = $2 }
            $1 == "Components:" && / main/ { print uri }' || true
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | awk '
            $1 == "deb" { sub(/\[[^]]*\]/, ""); if (/ main/) print $2 }' || true
    } | grep -v -e security -e backports | grep -m 1 '/debian/*$'
}
mirror=$(mirror) || skip 'no Debian mirror in /etc/apt'

work=$(mktemp -d /tmp/ixsflow-fresh.XXXXXX)
release() {
    for root in "$work"/*/; do
        ! mountpoint -q "$root/proc" || umount -l "$root/proc"
    done
    [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$work"
}
trap release EXIT
trap 'exit 1' INT TERM HUP

inside() { # inside ROOT COMMAND...
    local root=$1
    shift
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        LC_ALL=C.UTF-8 chroot "$root" "$@" </dev/null
}

make_root() { # make_root SUITE: a minimal Debian with git and make, then without package lists
    local root=$work/$1
    debootstrap --variant=minbase "$1" "$root" "$mirror" >"$work/$1.log" 2>&1 || return 1
    mount -t proc proc "$root/proc"
    # How this machine reaches its mirror (a proxy, an odd clock) holds in the root too.
    apt-config dump | grep -E '^Acquire::(http|https|Check-|Retries)' \
        >"$root/etc/apt/apt.conf.d/99host" || true
    inside "$root" sh -c 'apt-get update && apt-get install -y git make &&
        rm -rf /var/lib/apt/lists/*' >>"$work/$1.log" 2>&1
}

clone() { # clone SUITE: the last commit, into a path with a blank, of another owner
    local root=$work/$1
    cp "$work/ixsflow.bundle" "$root/root/"
    inside "$root" git clone -q /root/ixsflow.bundle '/root/a clone' >>"$work/$1.log" 2>&1
    chown -R 1234:1234 "$root/root/a clone"
}

run() { # run SUITE TARGET
    local start=$SECONDS
    if inside "$work/$1" make -C '/root/a clone' "$2" >"$work/$1-$2.log" 2>&1; then
        echo "PASS $1 make $2 ($((SECONDS - start)) s)"
        [ "$2" != check ] || grep -E '^[0-9]+ passed, ' "$work/$1-$2.log"
    else
        tail -n 40 "$work/$1-$2.log"
        echo "FAIL $1 make $2"
        failed=1
    fi
}

failed=0
git -c safe.directory='*' -C "$top" bundle create -q "$work/ixsflow.bundle" HEAD
for suite in "${suites[@]}"; do
    if make_root "$suite" && clone "$suite"; then
        for target in "${targets[@]}"; do
            run "$suite" "$target"
        done
    else
        tail -n 20 "$work/$suite.log"
        echo "FAIL $suite: the root itself could not be made"
        failed=1
    fi
done
exit "$failed"
