package dev.perimeter.proxy.filter;

/** A filter with its config read: makes one {@link HttpFilter} for each exchange. Immutable, shared by all event loops. */
public interface FilterFactory {

    HttpFilter create();
}
