#!/bin/sh
# Measures the proxy beside its peers, and the whole mesh; says what it found as a table.
#
# Usage: scripts/bench.sh [--workload h1|tls|h2] [--rounds N] [--seconds N] [--connections N] [--only NAME,NAME]
#        scripts/bench.sh latency [--rate N] [--rounds N] [--seconds N] [--only NAME,NAME]
#        scripts/bench.sh start [--rounds N] [--seconds N]
#        scripts/bench.sh micro [REGEX]
#        scripts/bench.sh up [--rounds N] [--port PORT]
#
# The first loads our sidecar, nginx, HAProxy, Envoy and the Java gateways in turns; the second asks at a steady pace and
# says what a hop adds; the third measures our sidecar's start, its speed while cold, idle connections and changes of
# config; micro runs the JMH benches of the engine's parts, with what they allocate; the last times `scripts/lab up` and
# adds up its memory. See proxy/benchmarks/README.adoc. All want a built tree (mvn package -DskipTests), listen on
# loopback only, and end what they started, also when interrupted.
set -u

# What is called, the Debian package that holds it, and why it is wanted; one a line, separated by "|".
NEEDS='
wrk|wrk|it makes the load
h2load|nghttp2-client|it makes the load over TLS and HTTP/2
nginx|nginx-light|it is the upstream and a peer
curl|curl|it asks until the first answer comes
openssl|openssl|it makes a certificate for the doors with TLS
taskset|util-linux|it pins each process to one core
mvn|maven|it builds the peers in Java
'

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1
benchmarks=$root/proxy/benchmarks
load_core=0
proxy_core=1
workload=h1
rounds=3
seconds=5
connections=32
rate=2000
only=
processors=$(nproc)
port=18080

refuse() {
    printf 'bench: %s\n' "$*" >&2
    exit 1
}

say() {
    printf '%s\n' "$*" >&2
}

for part in processes subjects compare latency start up; do
    # shellcheck source=/dev/null
    . "$benchmarks/shell/$part.sh"
done

usage() {
    sed -n '/^# Usage/,/^#$/s/^# *//p' "$0" >&2
    exit 2
}

command=compare
case ${1-} in
micro)
    java_home=$("$root/scripts/java-home.sh") || exit 1
    jar=$benchmarks/micro/target/micro.jar
    [ -e "$jar" ] || refuse "proxy/benchmarks/micro is not built: run mvn package -DskipTests, then this again."
    exec "$java_home/bin/java" "@$benchmarks/micro/src/main/launch/jvm.options" -jar "$jar" -prof gc "${2-.*}"
    ;;
up | latency)
    command=$1
    shift
    ;;
start)
    command=start_up
    shift
    ;;
esac
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1:$2 in
    --workload:h1 | --workload:tls | --workload:h2 | --only:[a-z]*) ;;
    *: | --workload:* | *:*[!0-9]*) usage ;;
    esac
    case $1 in
    --workload) workload=$2 ;;
    --only) only=$2 ;;
    --rate) rate=$2 ;;
    --rounds) rounds=$2 ;;
    --seconds) seconds=$2 ;;
    --connections) connections=$2 ;;
    --port) port=$2 ;;
    *) usage ;;
    esac
    shift 2
done
if [ "$rounds" -lt 1 ] || [ "$seconds" -lt 2 ] || [ "$connections" -lt 1 ]; then
    refuse "at least one round of two seconds with one connection is needed."
fi
[ -r /proc/self/smaps_rollup ] || refuse "this reads CPU time and memory from /proc and runs on Linux only."
java_home=$("$root/scripts/java-home.sh") || exit 1
java=$java_home/bin/java

work=$(mktemp -d) || exit 1
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
"$command"
