# `scripts/bench.sh latency`: what a hop adds to the time of a request when nobody is in a hurry. Sourced by
# scripts/bench.sh.

# Requests at a steady pace, whether or not the one before was answered; notes p50 and p99 in microseconds.
pace() {
    rm -f "$work/paced"
    h2load --h1 --clients 20 --threads 1 --rps $((rate / 20)) --duration "$seconds" --log-file "$work/paced" \
        --header "Host: $host" "$(url_of "$1" h1)" >"$work/pace.txt" 2>&1 || refuse "h2load failed on $1."
    # Start in µs since the epoch, status, duration in µs.
    awk '$2 == 200 { print $3 }' "$work/paced" | sort -n | awk -v subject="$1" '
        { took[NR] = $1 }
        END {
            printf "%s p50 %d\n", subject, took[int((NR + 1) / 2)]
            printf "%s p99 %d\n", subject, took[int(NR * 0.99) + 1]
        }' >>"$work/figures"
}

latency() {
    prepare
    provide h2load nghttp2-client "it makes requests at a steady pace"
    measured=direct
    for subject in perimeter nginx haproxy envoy; do
        provide_peer "$subject" || continue
        ! is_java "$subject" || train "$subject"
        start "$subject" || continue
        echo "$pid" >"$work/$subject.pid"
        measured="$measured $subject"
    done
    for subject in $measured; do
        warm_up "$subject" h1
    done
    nth=0
    while [ "$nth" -lt "$rounds" ]; do
        nth=$((nth + 1))
        say "Round $nth of $rounds."
        for subject in $measured; do
            pace "$subject"
        done
    done
    echo "$rate requests/s on 20 connections, $rounds rounds of $seconds s; $(circumstances)"
    sort -k1,1 -k2,2 -k3,3n "$work/figures" | awk -v subjects="$measured" '
        $2 ~ /^p/ { key = $1 " " $2; value[key, ++count[key]] = $3 }
        function median(key,    n) {
            n = count[key]
            return n % 2 ? value[key, (n + 1) / 2] : (value[key, n / 2] + value[key, n / 2 + 1]) / 2
        }
        END {
            print "|==="
            print "| Subject | p50, µs | added to direct | p99, µs | added to direct"
            print ""
            added50 = median("nginx p50") - median("direct p50")
            n = split(subjects, name, " ")
            for (i = 1; i <= n; i++) {
                p50 = median(name[i] " p50"); p99 = median(name[i] " p99")
                if (name[i] == "direct") { printf "| direct | %d | – | %d | –\n", p50, p99; continue }
                own = p50 - median("direct p50")
                printf "| %s | %d | %d (%.2f ×) | %d | %d\n", name[i], p50, own, added50 > 0 ? own / added50 : 0, p99,
                    p99 - median("direct p99")
            }
            print "|==="
            print "In brackets: as a multiple of what nginx adds. Medians of the rounds."
        }'
}
