#!/bin/sh
# Measures the proxy beside its peers, and the whole mesh; says what it found as a table.
#
# Usage: scripts/bench.sh [--rounds N] [--seconds N] [--connections N]
#        scripts/bench.sh up [--port PORT]
#
# The first puts wrk in front of nginx that serves 1 KiB, of our sidecar, of nginx as a proxy and of Spring Cloud Gateway,
# in turns; see proxy/benchmarks/README.adoc. The second times `scripts/lab up` and adds up its memory. Both want a built
# tree (mvn package -DskipTests), listen on loopback only, and end what they started, also when interrupted.
set -u

# What is called, the Debian package that holds it, and why it is wanted; one a line, separated by "|".
NEEDS='
wrk|wrk|it makes the load
nginx|nginx-light|it is the upstream and a peer
curl|curl|it asks until the first answer comes
taskset|util-linux|it pins each process to one core
mvn|maven|it builds the peer Spring Cloud Gateway
'

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1
benchmarks=$root/proxy/benchmarks
load_core=0
proxy_core=1
rounds=3
seconds=5
connections=32
processors=$(nproc)
port=18080
host=upstream.bench:8080

# Where each subject answers. The mesh of a lab never uses 127.251.*.*, so one may be up meanwhile.
control_plane_address=127.251.1.1
url_of() {
    case $1 in
    direct) echo http://127.251.3.1:8080/1k ;;
    perimeter) echo http://127.251.2.1:15001/1k ;;
    nginx) echo http://127.251.4.1:8080/1k ;;
    spring-cloud-gateway) echo http://127.251.5.1:8080/1k ;;
    esac
}

refuse() {
    printf 'bench: %s\n' "$*" >&2
    exit 1
}

say() {
    printf '%s\n' "$*" >&2
}

# --- What is needed -------------------------------------------------------------------------------------------------

may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_package() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$1" >&2
}

# Debian keeps nginx where only root's PATH looks.
PATH=$PATH:/usr/sbin:/sbin

provide() {
    if command -v "$1" >/dev/null; then
        return 0
    fi
    if may_install; then
        say "Installing $2: $3."
        if install_package "$2" || { as_root apt-get update --quiet >&2 && install_package "$2"; }; then
            return 0
        fi
    fi
    refuse "$1 is missing (Debian's package $2): $3. Install it and run this again."
}

# --- Processes ------------------------------------------------------------------------------------------------------

started=
work=
lab_is_up=

# Remembers a process so that it is ended, whatever happens.
remember() {
    started="$started $1"
}

# Ends a process that this script started: politely, then, after five seconds, not.
end() {
    kill -TERM "$1" 2>/dev/null || return 0
    tries=0
    while kill -0 "$1" 2>/dev/null && [ "$tries" -lt 100 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    kill -KILL "$1" 2>/dev/null
    wait "$1" 2>/dev/null
    return 0
}

# Run at the end, however it comes.
clean_up() {
    trap '' HUP INT TERM
    if [ -n "$lab_is_up" ]; then
        "$root/scripts/lab" down --clean >&2
    fi
    for pid in $started; do
        end "$pid"
    done
    if [ -n "$work" ]; then
        rm -rf "$work"
    fi
}

# Prints a process and its children.
family() {
    echo "$1"
    cat "/proc/$1/task/$1/children" 2>/dev/null
}

# User and system time of a process and its children so far, in clock ticks: the 14th and 15th word of proc(5) stat,
# counted behind the name, which may hold spaces.
ticks_of() {
    for pid in $(family "$1"); do
        cat "/proc/$pid/stat"
    done | sed 's/^.*) //' | awk '{ sum += $12 + $13 } END { print sum + 0 }'
}

# Ticks that processes had of the proxy's core so far; interrupts belong to nobody and are left out (proc(5), stat).
core_ticks() {
    awk -v core="cpu$proxy_core" '$1 == core { print $2 + $3 + $4 }' /proc/stat
}

# Proportional set size, in kB, of the processes of the list.
pss_of() {
    for pid in $1; do
        cat "/proc/$pid/smaps_rollup"
    done | awk '$1 == "Pss:" { sum += $2 } END { print sum + 0 }'
}

now_ms() {
    echo $(($(date +%s%N) / 1000000))
}

# --- Subjects -------------------------------------------------------------------------------------------------------

# Starts a subject on the proxy's core; the words after its name go to its JVM. Sets pid.
launch() {
    subject=$1
    shift
    log=$work/$subject
    case $subject in
    perimeter)
        taskset -c "$proxy_core" "$java" "$@" "@$root/proxy/sidecar/src/main/launch/jvm.options" \
            -jar "$root/proxy/sidecar/target/sidecar.jar" --bootstrap "$benchmarks/perimeter/bootstrap.yaml" \
            >"$log.access.jsonl" 2>"$log.log" </dev/null &
        ;;
    nginx)
        taskset -c "$proxy_core" nginx -p "$work/" -c "$benchmarks/nginx/proxy.conf" >"$log.log" 2>&1 </dev/null &
        ;;
    spring-cloud-gateway)
        taskset -c "$proxy_core" "$java" "$@" "@$peer/src/main/launch/jvm.options" \
            -jar "$peer/target/spring-cloud-gateway.jar" >"$log.access.log" 2>"$log.log" </dev/null &
        ;;
    esac
    pid=$!
    remember "$pid"
}

# Waits, at most half a minute, for the first answer of a URL; $2 is the process that is to give it.
await() {
    deadline=$(($(now_ms) + 30000))
    until curl --silent --fail --output /dev/null --max-time 5 --header "Host: $host" "$1"; do
        if ! kill -0 "$2" 2>/dev/null || [ "$(now_ms)" -gt "$deadline" ]; then
            return 1
        fi
        sleep 0.005
    done
}

# Runs wrk against a subject for $2 seconds and prints its report.
load() {
    timeout $(($2 + 20)) wrk --threads 1 --connections "$connections" --duration "$2s" --timeout 5s \
        --header "Host: $host" "$(url_of "$1")"
}

# A short run that records what the JVM of a subject loads and compiles (JEP 514, 515).
train() {
    say "Recording an ahead-of-time cache of $1."
    launch "$1" "-XX:AOTCacheOutput=$work/$1.aot"
    if await "$(url_of "$1")" "$pid"; then
        load "$1" 3 >/dev/null
    fi
    # The cache is written while the JVM ends, on this one core.
    kill -TERM "$pid" 2>/dev/null
    tries=0
    while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 600 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    end "$pid"
    [ -s "$work/$1.aot" ]
}

# Starts a subject and notes how many milliseconds it took to the first proxied answer. Leaves it running.
start() {
    began=$(now_ms)
    if [ -s "$work/$1.aot" ]; then launch "$1" "-XX:AOTCache=$work/$1.aot"; else launch "$1"; fi
    if ! await "$(url_of "$1")" "$pid"; then
        say "$1 did not answer; its last words:"
        tail -n 5 "$work/$1.log" >&2
        end "$pid"
        return 1
    fi
    echo "$1 first_ms $(($(now_ms) - began))" >>"$work/figures"
}

# Loads a subject until it got no faster by more than 3 % twice running, at most thirty times: a JVM compiles for long
# on one core.
warm_up() {
    nth=0
    best=0
    stalled=0
    while [ "$nth" -lt 30 ]; do
        nth=$((nth + 1))
        speed=$(load "$1" "$seconds" | awk '/^Requests\/sec/ { printf "%.0f", $2 }')
        say "Warming up $1: ${speed:-0} requests/s."
        if [ $((${speed:-0} * 100)) -gt $((best * 103)) ]; then
            best=$speed
            stalled=0
        else
            stalled=$((stalled + 1))
            [ "$stalled" -lt 2 ] || break
        fi
    done
}

# One round under load: requests a second, CPU-seconds per 10,000 requests, memory in the middle of it.
round() {
    pid=$(cat "$work/$1.pid" 2>/dev/null)
    core_before=$(core_ticks)
    before=${pid:+$(ticks_of "$pid")}
    load "$1" "$seconds" >"$work/wrk.txt" &
    wrk=$!
    remember "$wrk"
    sleep $((seconds - 1))
    memory=${pid:+$(pss_of "$(family "$pid")")}
    wait "$wrk" || refuse "wrk failed on $1."
    after=${pid:+$(ticks_of "$pid")}
    others=$((($(core_ticks) - core_before - ${after:-0} + ${before:-0}) * 100 / $(getconf CLK_TCK) / seconds))
    [ "$others" -le 3 ] || say "Others used $others % of the proxy's core meanwhile: measure again when it is quiet."
    echo "all others_percent $others" >>"$work/figures"
    if grep -E 'Non-2xx|Socket errors' "$work/wrk.txt" >&2; then
        say "$1 failed requests: its figures of this round say little."
    fi
    awk -v subject="$1" -v ticks="$((${after:-0} - ${before:-0}))" -v hertz="$(getconf CLK_TCK)" -v kb="${memory:-0}" '
        / requests in / { requests = $1 }
        /^Requests\/sec/ { printf "%s per_second %.0f\n", subject, $2 }
        END {
            if (kb == 0 || requests == 0) exit
            printf "%s cpu %.4f\n", subject, ticks / hertz * 10000 / requests
            printf "%s pss_mb %.1f\n", subject, kb / 1024
        }' "$work/wrk.txt" >>"$work/figures"
}

# The median of a figure of each subject, and its ratio to nginx's, as a table.
table() {
    sort -k1,1 -k2,2 -k3,3n "$work/figures" | awk -v subjects="$1" '
        { key = $1 " " $2; value[key, ++count[key]] = $3 }
        function median(key,    n) {
            n = count[key]
            return n == 0 ? "" : n % 2 ? value[key, (n + 1) / 2] : (value[key, n / 2] + value[key, n / 2 + 1]) / 2
        }
        function shown(form, key, base,    m, b) {
            m = median(key)
            b = base == "" ? "" : median(base)
            if (m == "") return "–"
            return sprintf(form, m) (b > 0 ? sprintf(" (%.2f ×)", m / b) : "")
        }
        BEGIN {
            print "|==="
            print "| Subject | requests/s | CPU-s per 10,000 requests | PSS under load, MB | first request, s"
        }
        END {
            n = split(subjects, name, " ")
            for (i = 1; i <= n; i++) {
                first = median(name[i] " first_ms")
                printf "| %s | %s | %s | %s | %s\n", name[i], shown("%.0f", name[i] " per_second", "nginx per_second"),
                    shown("%.3f", name[i] " cpu", "nginx cpu"), shown("%.0f", name[i] " pss_mb", ""),
                    first == "" ? "–" : sprintf("%.2f", first / 1000)
            }
            print "|==="
            others = value["all others_percent", count["all others_percent"]]
            print "In brackets: as a multiple of nginx. Each figure is the median of its rounds. Other processes used"
            print "at most " others " % of the proxy\047s core in any round."
        }'
}

compare() {
    echo "$NEEDS" | while IFS='|' read -r tool package why; do
        [ -z "$tool" ] || provide "$tool" "$package" "$why" </dev/null || exit 1
    done || exit 1
    [ "$processors" -ge 2 ] || refuse "this needs two cores, one for the load and one for the proxy."
    for jar in proxy/sidecar/target/sidecar.jar control-plane/server/target/control-plane.jar; do
        [ -e "$root/$jar" ] || refuse "$jar is not built: run mvn package -DskipTests, then this again."
    done
    peer=$benchmarks/spring-cloud-gateway
    subjects='perimeter nginx'
    if [ -e "$peer/target/spring-cloud-gateway.jar" ] || {
        say "Building Spring Cloud Gateway (its own POM, outside the reactor)."
        mvn --quiet --batch-mode --file "$peer/pom.xml" package >&2
    }; then
        subjects="$subjects spring-cloud-gateway"
    else
        say "Spring Cloud Gateway could not be built and is left out."
    fi

    mkdir -p "$work/www" "$work/temp"
    chmod 755 "$work" # nginx's worker is another user when this is root
    head -c 1024 /dev/zero | tr '\0' x >"$work/www/1k"
    # Everything that is not measured shares the load's core; what is measured has the other for itself.
    taskset -cp "$load_core" $$ >/dev/null || refuse "cores $load_core and $proxy_core are not both free to use."

    nginx -p "$work/" -c "$benchmarks/nginx/upstream.conf" >"$work/upstream.log" 2>&1 </dev/null &
    remember $!
    await "$(url_of direct)" $! || refuse "the upstream did not start: $(cat "$work/upstream.log")"
    "$java" "@$root/control-plane/server/src/main/launch/jvm.options" \
        -jar "$root/control-plane/server/target/control-plane.jar" \
        --resources "$benchmarks/perimeter/resources" --bind "$control_plane_address" \
        >"$work/control-plane.log" 2>&1 </dev/null &
    control_plane=$!
    remember "$control_plane"
    await "http://$control_plane_address:8099/ready" "$control_plane" ||
        refuse "the control plane did not start: $(tail -n 3 "$work/control-plane.log")"

    running=
    for subject in $subjects; do
        [ "$subject" = nginx ] || train "$subject" || say "No cache of $subject could be recorded; it starts without."
        nth=0
        while [ "$nth" -lt 3 ]; do
            [ "$nth" -eq 0 ] || end "$pid"
            start "$subject" || break
            nth=$((nth + 1))
        done
        if [ "$nth" -eq 3 ]; then
            echo "$pid" >"$work/$subject.pid"
            running="$running $subject"
        fi
    done
    for subject in direct $running; do
        warm_up "$subject"
    done
    nth=0
    while [ "$nth" -lt "$rounds" ]; do
        nth=$((nth + 1))
        say "Round $nth of $rounds."
        for subject in direct $running; do
            round "$subject"
        done
    done
    echo "$(date +%F), $processors processors ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1))," \
        "Linux $(uname -r | cut -d. -f1,2); $rounds rounds of $seconds s, $connections connections;" \
        "$(nginx -v 2>&1 | sed 's/^.*: //'), JDK $("$java" --version | sed -n '1s/^[^ ]* \([^ ]*\).*/\1/p')"
    table "direct $running"
    case $running in
    *perimeter*) ;;
    *) refuse "the sidecar did not run: there is nothing to compare." ;;
    esac
}

# --- The whole mesh -------------------------------------------------------------------------------------------------

# The processes the local node says it has, and itself.
mesh_processes() {
    grep -o '"pid" *: *[0-9]*' "$LAB_HOME/run.json" | grep -o '[0-9]*$'
}

up() {
    LAB_HOME=$work/lab
    export LAB_HOME
    mkdir -p "$LAB_HOME"
    say "Once unmeasured, so that all is built and its caches are recorded."
    lab_is_up=yes
    timeout 400 "$root/scripts/lab" up --port "$port" >&2 || refuse "scripts/lab up failed."
    "$root/scripts/lab" down >&2 || refuse "scripts/lab down failed."
    nth=0
    while [ "$nth" -lt "$rounds" ]; do
        nth=$((nth + 1))
        say "Round $nth of $rounds."
        began=$(now_ms)
        timeout 120 "$root/scripts/lab" up --port "$port" >&2 || refuse "scripts/lab up failed."
        took=$(($(now_ms) - began))
        "$root/scripts/lab" order --count 200 --in-flight 10 >&2
        processes=$(mesh_processes)
        echo "$took $(pss_of "$processes") $(echo "$processes" | wc -l)" >>"$work/ups"
        "$root/scripts/lab" down >&2 || refuse "scripts/lab down failed."
    done
    lab_is_up=
    sort -n "$work/ups" | awk '
        { took[NR] = $1; sum += $2; processes = $3 }
        END {
            printf "lab up: %.1f s (median of %d); %d processes with %.0f MB in all, after 200 orders\n",
                took[int((NR + 1) / 2)] / 1000, NR, processes, sum / NR / 1024
        }'
}

# --- Arguments ------------------------------------------------------------------------------------------------------

usage() {
    sed -n '/^# Usage/,/^#  /s/^# *//p' "$0" >&2
    exit 2
}

command=compare
if [ "${1-}" = up ]; then
    command=up
    shift
fi
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $2 in
    '' | *[!0-9]*) usage ;;
    esac
    case $1 in
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
