#!/bin/sh
# Formats all Java files in place, or, with --check, names those that are not formatted and fails.
# `mvn verify` makes the same check. See scripts/format/Format.java.
set -eu

case "${1-}" in
"") mode=--write ;;
--check) mode=--check ;;
*)
    echo "usage: scripts/format.sh [--check]" >&2
    exit 2
    ;;
esac

cd "$(dirname "$0")/.."
exec mvn --quiet --batch-mode --non-recursive verify -Dperimeter.format="$mode"
