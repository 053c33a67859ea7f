package dev.perimeter.labs.harness.mesh.lifecycle;

/** Hears what long work is at, a short line at a time; called on the caller's thread. */
@FunctionalInterface
public interface Progress {
    /** Nobody listens. */
    Progress SILENT = line -> {};

    /** Something was reached. */
    void line(String line);
}
