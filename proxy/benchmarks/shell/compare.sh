# `scripts/bench.sh`: what a request costs in each proxy. Sourced by scripts/bench.sh.

# One round under load: requests a second, CPU-seconds per 10,000 requests, memory in the middle of it.
round() {
    pid=$(cat "$work/$1.pid" 2>/dev/null)
    cut_logs
    core_before=$(core_ticks)
    before=${pid:+$(ticks_of "$pid")}
    load "$1" "$workload" "$seconds" >"$work/load.txt" &
    loader=$!
    remember "$loader"
    sleep $((seconds - 1))
    memory=${pid:+$(pss_of "$(family "$pid")")}
    wait "$loader" || refuse "the load on $1 failed."
    after=${pid:+$(ticks_of "$pid")}
    others=$((($(core_ticks) - core_before - ${after:-0} + ${before:-0}) * 100 / $(getconf CLK_TCK) / seconds))
    # Without a proxy its core is anybody's.
    if [ -n "$pid" ]; then
        [ "$others" -le 3 ] || say "Others used $others % of the proxy's core meanwhile: measure again when it is quiet."
        echo "all others_percent $others" >>"$work/figures"
    fi
    awk -v subject="$1" -v ticks="$((${after:-0} - ${before:-0}))" -v hertz="$(getconf CLK_TCK)" -v kb="${memory:-0}" '
        $3 > 0 { print subject " failed " $3 " requests: its figures of this round say little." >"/dev/stderr" }
        {
            printf "%s per_second %.0f\n", subject, $2
            if (kb == 0 || $1 == 0) exit
            printf "%s cpu %.4f\n", subject, ticks / hertz * 10000 / $1
            printf "%s pss_mb %.1f\n", subject, kb / 1024
        }' "$work/load.txt" >>"$work/figures"
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
            print ""
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

# Starts those of the subjects $2.. that are wanted and can be had, each three times for the time of its start, and
# leaves them up. Sets running.
bring_up() {
    entrance=$1
    shift
    running=
    for subject in "$@"; do
        case ",$only," in
        ,, | *",$subject,"*) ;;
        *) continue ;;
        esac
        provide_peer "$subject" || {
            say "$subject could not be had and is left out."
            continue
        }
        ! is_java "$subject" || train "$subject" || say "No cache of $subject could be recorded; it starts without."
        nth=0
        while [ "$nth" -lt 3 ]; do
            [ "$nth" -eq 0 ] || end "$pid"
            start "$subject" || break
            nth=$((nth + 1))
        done
        if [ "$nth" -lt 3 ]; then
            say "$subject did not start and is left out."
        elif answers "$subject" "$entrance"; then
            echo "$pid" >"$work/$subject.pid"
            running="$running $subject"
        else
            say "$subject does not answer at its door for $entrance and is left out."
            end "$pid"
        fi
    done
}

compare() {
    prepare
    # shellcheck disable=SC2046 # words on purpose
    bring_up "$workload" $(with_door "$workload")
    measured=$running
    [ "$workload" != h1 ] || measured="direct $running"
    for subject in $measured; do
        warm_up "$subject" "$workload"
    done
    nth=0
    while [ "$nth" -lt "$rounds" ]; do
        nth=$((nth + 1))
        say "Round $nth of $rounds."
        for subject in $measured; do
            round "$subject"
        done
    done
    echo "$workload: $rounds rounds of $seconds s, $connections at once; $(circumstances)"
    table "$measured"
    case $running in
    *perimeter*) ;;
    *) refuse "the sidecar did not run: there is nothing to compare." ;;
    esac
}
