package dev.perimeter.proxy.filter;

/** A filter with its config read: makes one {@link HttpFilter} for each exchange. Immutable, shared by all event loops. */
public interface FilterFactory {

    HttpFilter create();

    /**
     * The same filter with a place to count in. Called on the control thread whenever a configuration comes into force,
     * so what must survive that (a bucket of tokens, say) belongs to this object and not to the one that is returned.
     */
    default FilterFactory bind(FilterSetup setup) {
        return this;
    }
}
