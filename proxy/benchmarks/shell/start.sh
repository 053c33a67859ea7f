# `scripts/bench.sh start`: how soon our sidecar answers, how fast it is while it is cold, what idle connections cost it,
# and what a change of config does to requests. Sourced by scripts/bench.sh.

# Milliseconds to the first answer, the median of $rounds starts on the cores $1.
first_request() {
    proxy_core=$1
    : >"$work/figures"
    nth=0
    while [ "$nth" -lt "$rounds" ]; do
        nth=$((nth + 1))
        start perimeter || refuse "the sidecar did not start."
        end "$pid"
    done
    sort -k3,3n "$work/figures" | awk '{ took[NR] = $3 } END { printf "%.2f", took[int((NR + 1) / 2)] / 1000 }'
}

# Requests a second in the fifth second after the start, as a share of those when warm.
cold_speed() {
    start perimeter || refuse "the sidecar did not start."
    load perimeter h1 4 >/dev/null
    cold=$(load perimeter h1 1 | cut -d' ' -f2)
    warm_up perimeter h1
    warm=$(load perimeter h1 "$seconds" | cut -d' ' -f2)
    awk -v cold="$cold" -v warm="$warm" 'BEGIN { printf "%.2f (%d of %d requests/s)", cold / warm, cold, warm }'
}

# Bytes of memory for each of 10,000 connections that asked once and are kept.
idle_connections() {
    ulimit -n 65536 2>/dev/null || refuse "10,000 connections need ulimit -n 65536."
    before=$(pss_of "$(family "$pid")")
    wrk --threads 1 --connections 10000 --duration 20s --timeout 15s --script "$benchmarks/perimeter/once.lua" \
        --header "Host: $host" "$(url_of perimeter h1)" >"$work/idle.txt" 2>&1 &
    loader=$!
    remember "$loader"
    sleep 14
    open=$(curl --silent "http://127.251.2.1:15000/stats/prometheus" |
        awk '/^envoy_http_downstream_cx_active/ && /outbound/ { n += $NF } END { print n + 0 }')
    after=$(pss_of "$(family "$pid")")
    end "$loader"
    awk -v before="$before" -v after="$after" -v open="$open" 'BEGIN {
        printf "%.1f KB (%d open, %d MB more)", open > 0 ? (after - before) / open : 0, open, (after - before) / 1024
    }'
}

# Requests at a steady pace while a resource changes every second; failed ones, and the slowest beside a quiet run.
churn() {
    quiet=$(paced)
    (
        nth=0
        while [ "$nth" -lt "$seconds" ]; do
            nth=$((nth + 1))
            # Every route of the proxy moves to another name and back; where requests go stays the same.
            sed "s/NUMBER/$nth/" "$benchmarks/perimeter/route.yaml" >"$work/route.new"
            mv "$work/route.new" "$work/resources/bench/HTTPRoute/upstream.yaml"
            sleep 1
        done
    ) &
    changer=$!
    remember "$changer"
    changing=$(paced)
    wait "$changer"
    echo "$quiet $changing" | awk '{ printf "%d failed; slowest %d ms, %d ms without changes", $3, $4 / 1000, $2 / 1000 }'
}

# Prints failed requests and the slowest in µs of a paced run.
paced() {
    rm -f "$work/paced"
    h2load --h1 --clients 20 --threads 1 --rps $((rate / 20)) --duration "$seconds" --log-file "$work/paced" \
        --header "Host: $host" "$(url_of perimeter h1)" >"$work/pace.txt" 2>&1 || refuse "h2load failed."
    awk '$2 != 200 { failed++ } $3 > slowest { slowest = $3 } END { print failed + 0, slowest }' "$work/paced"
}

start_up() {
    prepare
    provide h2load nghttp2-client "it makes requests at a steady pace"
    mkdir -p "$work/resources/bench/HTTPRoute"
    train perimeter || refuse "no ahead-of-time cache could be recorded."
    one=$(first_request "$proxy_core") || exit 1
    two=$(first_request "$load_core,$proxy_core") || exit 1
    cold=$(cold_speed) || exit 1
    idle=$(idle_connections) || exit 1
    changes=$(churn) || exit 1
    echo "$rounds starts; $(circumstances)"
    echo "|==="
    echo "| first request, one core | $one s"
    echo "| first request, two cores | $two s"
    echo "| speed 4 s after a cold start | $cold"
    echo "| each of 10,000 idle connections | $idle"
    echo "| a change of routes every second | $changes"
    echo "|==="
}
