#!/bin/sh
# Prints the home of a JDK 25, or one sentence on standard error that says how to get one.
# Looks where Maven's toolchain discovery looks, so that the build and scripts/lab agree; starts no JVM to find out.
set -u

WANTED=25

# Only macOS has it; tests have their own.
MAC_JAVA_HOME=${MAC_JAVA_HOME:-/usr/libexec/java_home}

is_wanted() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q "^JAVA_VERSION=\"${WANTED}[\".+-]" "$1/release"
}

on_path() {
    compiler=$(command -v javac) && compiler=$(readlink -f "$compiler" 2>/dev/null) && echo "${compiler%/bin/javac}"
}

# The homes of the jdk toolchains that Maven was told of. What version they say they are does not count: is_wanted looks.
in_toolchains() {
    toolchains=${HOME-}/.m2/toolchains.xml
    [ -r "$toolchains" ] || return 0
    awk '
        function between(text, start, end) {
            if (!(from = index(text, start))) return ""
            text = substr(text, from + length(start))
            text = substr(text, 1, index(text, end) - 1)
            gsub(/^[ \t\r]+|[ \t\r]+$/, "", text)
            return text
        }
        { all = all $0 " " }
        END {
            while (from = index(all, "<!--")) {
                rest = substr(all, from + 4)
                all = substr(all, 1, from - 1) ((to = index(rest, "-->")) ? substr(rest, to + 3) : "")
            }
            count = split(all, toolchain, /<\/toolchain>/)
            for (i = 1; i < count; i++) {
                if (between(toolchain[i], "<type>", "</type>") != "jdk") continue
                home = between(toolchain[i], "<jdkHome>", "</jdkHome>")
                while (match(home, /\$\{env\.[A-Za-z0-9_]+\}/)) {
                    value = ENVIRON[substr(home, RSTART + 6, RLENGTH - 7)]
                    home = substr(home, 1, RSTART - 1) value substr(home, RSTART + RLENGTH)
                }
                print home
            }
        }' "$toolchains"
}

# All places, one a line; a pattern that names nothing stands for itself and is passed over later.
candidates() {
    printf '%s\n' "${JAVA_HOME-}" "${JAVA25_HOME-}" "${JAVA_HOME_25_X64-}" "${JAVA_HOME_25_ARM64-}" "$(on_path)"
    in_toolchains
    printf '%s\n' \
        /usr/lib/jvm/* /usr/java/* /usr/jdk/* /opt/java/* \
        "${HOME-}"/.jdks/* "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.gradle/jdks/* \
        "${HOME-}"/.jenv/versions/* "${HOME-}"/.jbang/cache/jdks/* "${HOME-}"/.asdf/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home
    if [ -x "$MAC_JAVA_HOME" ]; then
        "$MAC_JAVA_HOME" -v "$WANTED" 2>/dev/null
    fi
}

all=$(candidates)
set -f
IFS='
'
for home in $all; do
    if is_wanted "$home"; then
        echo "$home"
        exit 0
    fi
done

echo "No JDK $WANTED was found: install one (Temurin $WANTED from https://adoptium.net will do)" \
    "or let JAVA_HOME name it, and run this again." >&2
exit 1
