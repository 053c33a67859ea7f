package dev.perimeter.proxy.accept;

/** What the first bytes of a connection say of one question. */
enum Opening {
    /** Yes; the answer is with the facts. */
    YES,
    NO,
    /** It cannot be told yet. */
    MORE,
    /** What came breaks the rules of what it has to be. */
    BROKEN
}
