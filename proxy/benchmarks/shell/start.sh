# `scripts/bench.sh start`: how soon our sidecar answers, how fast it is while it is cold, what idle connections cost it,
# and what a change of config does to requests. Sourced by scripts/bench.sh.
#
# Each part leaves what it found in `found`: a part that ran in a subshell could not have its processes ended.

churn_seconds=15

# Seconds to the first answer, the median of $rounds starts on the cores $1.
first_request() {
    kept=$proxy_core
    proxy_core=$1
    : >"$work/figures"
    nth=0
    while [ "$nth" -lt "$rounds" ]; do
        nth=$((nth + 1))
        start perimeter || refuse "the sidecar did not start."
        end "$pid"
    done
    proxy_core=$kept
    found=$(sort -k3,3n "$work/figures" |
        awk '{ took[NR] = $3 } END { printf "%.2f s", took[int((NR + 1) / 2)] / 1000 }')
}

# Requests a second in the fifth second after the start, as a share of those when warm; the sidecar stays up. With a
# cache of an earlier run, which holds its classes, and without.
cold_speed() {
    kept=$work/perimeter.aot
    [ "$1" = cache ] || kept=$work/no.aot
    began=$(now_ms)
    if [ -s "$kept" ]; then launch perimeter "-XX:AOTCache=$kept"; else launch perimeter; fi
    await "$(url_of perimeter h1)" "$pid" || refuse "the sidecar did not start."
    load perimeter h1 4 >"$work/load.txt"
    load perimeter h1 1 >"$work/load.txt"
    cold=$(cut -d' ' -f2 "$work/load.txt")
    warm_up perimeter h1
    found=$(awk -v cold="$cold" -v warm="$best" \
        'BEGIN { printf "%.2f (%d of %d requests/s)", cold / warm, cold, warm }')
}

# Connections that clients have open, as the sidecar counts them at its door for applications.
open_connections() {
    curl --silent --max-time 5 "http://127.251.2.1:15000/stats/prometheus" |
        awk '/^envoy_http_downstream_cx_active\{/ { n += $NF } END { print n + 0 }'
}

# Bytes of memory for each of 10,000 connections that asked once and are kept.
idle_connections() {
    [ "$(ulimit -n)" -ge 12000 ] || ulimit -n 12000 2>/dev/null || refuse "10,000 connections need ulimit -n 12000."
    before=$(pss_of "$(family "$pid")")
    wrk --threads 1 --connections 10000 --duration 40s --timeout 30s --script "$benchmarks/perimeter/once.lua" \
        --header "Host: $host" "$(url_of perimeter h1)" >"$work/idle.txt" 2>&1 &
    loader=$!
    remember "$loader"
    open=0
    tries=0
    while [ "$open" -lt 10000 ] && [ "$tries" -lt 25 ]; do
        sleep 1
        tries=$((tries + 1))
        open=$(open_connections)
    done
    sleep 4
    open=$(open_connections)
    after=$(pss_of "$(family "$pid")")
    end "$loader"
    found=$(awk -v before="$before" -v after="$after" -v open="$open" 'BEGIN {
        each = open > 0 ? (after - before) / open : 0
        printf "%.1f KB (%d open, %.0f MB more)", each, open, (after - before) / 1024
    }')
}

# Requests at a steady pace while a resource changes every second; failed ones, and the slowest beside a quiet run.
churn() {
    pace perimeter "$churn_seconds" >"$work/quiet.txt" || refuse "the requests came to nothing: $(cat "$work/pace.log")"
    changed=$(routes_changed)
    (
        nth=0
        while [ "$nth" -lt "$churn_seconds" ]; do
            nth=$((nth + 1))
            # A header of every request changes its value; where requests go stays the same.
            sed "s/NUMBER/$nth/" "$benchmarks/perimeter/route.yaml" >"$work/route.new"
            mv "$work/route.new" "$work/resources/bench/HTTPRoute/upstream.yaml"
            sleep 1
        done
    ) &
    changer=$!
    remember "$changer"
    pace perimeter "$churn_seconds" >"$work/changing.txt" || refuse "the requests came to nothing: $(cat "$work/pace.log")"
    wait "$changer"
    changed=$(($(routes_changed) - changed))
    found=$(cat "$work/quiet.txt" "$work/changing.txt" | awk -v changes="$changed" '
        { requests = $1; failed = $2; slowest[NR] = $5 / 1000 }
        END {
            printf "%d changes came into force; %d of %d requests failed; slowest %.0f ms, without changes %.0f ms",
                changes, failed, requests, slowest[2], slowest[1]
        }')
}

# How many versions of its routes the sidecar has taken so far.
routes_changed() {
    curl --silent --max-time 5 "http://127.251.2.1:15000/stats/prometheus" |
        awk '/^perimeter_xds_updates_accepted_total\{type="route/ { n += $NF } END { print n + 0 }'
}

row() {
    echo "| $1 | $found" >>"$work/rows"
    say "$1: $found"
}

# A sidecar of a mesh has no doors of its own: all it serves comes over xDS.
without_doors() {
    sed -i '/# Doors/,/# End of doors/d' "$work/perimeter.yaml"
    doors=h1
}

start_up() {
    prepare
    without_doors
    need_pace
    mkdir -p "$work/resources/bench/HTTPRoute"
    train perimeter || refuse "no ahead-of-time cache could be recorded."
    first_request "$proxy_core"
    row "first request, one core"
    first_request "$load_core,$proxy_core"
    row "first request, two cores"
    cold_speed none
    row "speed 4 s after a cold start, without a cache"
    end "$pid"
    cold_speed cache
    row "speed 4 s after a cold start, with one"
    idle_connections
    row "each of 10,000 idle connections"
    churn
    row "a change of routes every second for $churn_seconds s"
    echo "$rounds starts; $(circumstances)"
    echo "|==="
    cat "$work/rows"
    echo "|==="
}
