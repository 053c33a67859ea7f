# `scripts/bench.sh latency`: what a hop adds to the time of a request when nobody is in a hurry. Sourced by
# scripts/bench.sh.

need_pace() {
    pacer=$benchmarks/micro/target/micro.jar
    [ -e "$pacer" ] || refuse "proxy/benchmarks/micro is not built: run mvn package -DskipTests, then this again."
}

# Requests at a steady pace for $2 seconds, whether or not the one before was answered. Prints how many, how many failed,
# and p50, p99 and the slowest in microseconds.
pace() {
    timeout $(($2 + 30)) "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$pacer" \
        dev.perimeter.proxy.benchmarks.pace.Pace "$(url_of "$1" h1)" "$host" "$rate" 20 "$2" 2>"$work/pace.log"
}

# One round; notes p50 and p99, and what the sidecar holds in memory under this load.
paced_round() {
    pid=$(cat "$work/$1.pid" 2>/dev/null)
    cut_logs
    pace "$1" "$seconds" >"$work/pace.txt" || refuse "the requests to $1 came to nothing: $(cat "$work/pace.log")"
    memory=${pid:+$(pss_of "$(family "$pid")")}
    awk -v subject="$1" -v kb="${memory:-0}" '
        $2 > 0 { print subject " failed " $2 " requests: its figures of this round say little." >"/dev/stderr" }
        {
            printf "%s p50 %d\n%s p99 %d\n", subject, $3, subject, $4
            if (kb > 0) printf "%s pss_mb %.1f\n", subject, kb / 1024
        }' "$work/pace.txt" >>"$work/figures"
}

latency() {
    prepare
    need_pace
    bring_up h1 perimeter nginx haproxy envoy
    measured="direct $running"
    for subject in $measured; do
        warm_up "$subject" h1
    done
    nth=0
    while [ "$nth" -lt "$rounds" ]; do
        nth=$((nth + 1))
        say "Round $nth of $rounds."
        for subject in $measured; do
            paced_round "$subject"
        done
    done
    echo "$rate requests/s on 20 connections, $rounds rounds of $seconds s; $(circumstances)"
    sort -k1,1 -k2,2 -k3,3n "$work/figures" | awk -v subjects="$measured" '
        $2 ~ /^p/ { key = $1 " " $2; value[key, ++count[key]] = $3 }
        function median(key,    n) {
            n = count[key]
            return n % 2 ? value[key, (n + 1) / 2] : (value[key, n / 2] + value[key, n / 2 + 1]) / 2
        }
        BEGIN {
            print "|==="
            print "| Subject | p50, µs | added to direct | p99, µs | added to direct | PSS, MB"
            print ""
        }
        END {
            added50 = median("nginx p50") - median("direct p50")
            n = split(subjects, name, " ")
            for (i = 1; i <= n; i++) {
                p50 = median(name[i] " p50"); p99 = median(name[i] " p99")
                if (name[i] == "direct") { printf "| direct | %d | – | %d | – | –\n", p50, p99; continue }
                own = p50 - median("direct p50")
                times = added50 > 0 ? sprintf(" (%.2f ×)", own / added50) : ""
                printf "| %s | %d | %d%s | %d | %d | %.0f\n", name[i], p50, own,
                    times, p99, p99 - median("direct p99"),
                    median(name[i] " pss_mb")
            }
            print "|==="
            print "In brackets: as a multiple of what nginx adds. Medians of the rounds."
        }'
}
