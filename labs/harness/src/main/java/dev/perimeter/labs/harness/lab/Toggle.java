package dev.perimeter.labs.harness.lab;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A switch of a lab.
 *
 * @param name as typed: {@code scripts/lab toggle NN name=value}
 * @param values what each value does, in the order of the lab's file; the first one is where the lab begins
 */
public record Toggle(String name, Map<String, List<Step>> values) {

    /** The value a lab begins with: the thing it teaches is not there yet. */
    public String off() {
        return values.keySet().iterator().next();
    }

    /** The value a lab ends with. */
    public String on() {
        return List.copyOf(values.keySet()).getLast();
    }

    /** One thing to change, the same on this machine and in a cluster. */
    public sealed interface Step {

        /** Applies a file of resources that stands beside the toggle. */
        record Apply(String file) implements Step {}

        /**
         * Changes a workload; what is empty stays as it is.
         *
         * @param sidecar whether a proxy stands beside it
         * @param env variables to set; an empty value takes the variable away
         */
        record Workload(String name, Optional<Boolean> sidecar, Optional<Integer> replicas, Map<String, String> env)
                implements Step {}
    }
}
