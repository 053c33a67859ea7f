# Getting what a benchmark needs, starting and ending processes, and reading what the kernel knows of them.
# Sourced by scripts/bench.sh.

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

# Ticks that processes had of the proxy's core so far, with the interrupts that came meanwhile: the ticks of a process hold
# them too, as its run time does (proc(5), stat).
core_ticks() {
    awk -v core="cpu$proxy_core" '$1 == core { print $2 + $3 + $4 + $7 + $8 }' /proc/stat
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
