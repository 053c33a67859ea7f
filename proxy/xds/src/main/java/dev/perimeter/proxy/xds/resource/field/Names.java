package dev.perimeter.proxy.xds.resource.field;

import java.util.HashSet;
import java.util.Set;

/** Names that must be there, and must not stand twice. */
public final class Names {

    private final String thing;
    private final Set<String> seen = new HashSet<>();

    /** @param thing what is named, e.g. {@code virtual host} */
    public Names(String thing) {
        this.thing = thing;
    }

    /** A name that no other thing in this list has. */
    public String unique(String name, Place place) {
        if (!seen.add(required(name, place))) {
            place.refuse("there is another " + thing + " `" + name + "`");
        }
        return name;
    }

    public static String required(String name, Place place) {
        if (name.isEmpty()) {
            place.refuse("must not be empty");
        }
        return name;
    }
}
