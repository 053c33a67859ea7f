#!/bin/sh
# Prints the home of a JDK 25, or one sentence on standard error that says how to get one.
# Looks where Maven's toolchain discovery looks, so that the build and scripts/lab agree; starts no JVM to find out.
set -u

WANTED=25

is_wanted() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q "^JAVA_VERSION=\"${WANTED}[\".+-]" "$1/release"
}

on_path() {
    compiler=$(command -v javac) && compiler=$(readlink -f "$compiler" 2>/dev/null) && echo "${compiler%/bin/javac}"
}

for home in \
    "${JAVA_HOME-}" "${JAVA25_HOME-}" "${JAVA_HOME_25_X64-}" "${JAVA_HOME_25_ARM64-}" "$(on_path)" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* \
    "${HOME-}"/.jdks/* "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.gradle/jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$home" ] && is_wanted "$home"; then
        echo "$home"
        exit 0
    fi
done

echo "No JDK $WANTED was found: install one (Temurin $WANTED from https://adoptium.net will do)" \
    "or let JAVA_HOME name it, and run this again." >&2
exit 1
