package dev.perimeter.proxy.observe;

import java.util.function.Predicate;

/** An access log of some requests only (Envoy: AccessLogFilter). */
record FilteredAccessLog(Predicate<Journal> wanted, AccessLog log) implements AccessLog {

    @Override
    public void write(Journal journal, LineBuffer out) {
        if (wanted.test(journal)) {
            log.write(journal, out);
        }
    }
}
