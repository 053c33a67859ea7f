package dev.perimeter.labs.localproxy;

/** Cannot be run: it forgot what it is. */
public final class LocalProxy {}
