package dev.perimeter.labs.harness.run;

import java.util.Locale;

/** What a process is in the mesh. The order is that of tables. */
public enum Role {
    NODE,
    CONTROL_PLANE,
    DATABASE,
    GATEWAY,
    APP,
    PROXY;

    /** The word for people. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
