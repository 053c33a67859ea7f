# `scripts/bench.sh up`: how long `scripts/lab up` takes, and what the whole mesh holds in memory. Sourced by scripts/bench.sh.

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
