package dev.perimeter.labs.harness.node;

import dev.perimeter.labs.harness.run.Role;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Who ends before whom. Those others depend on end last, so that nobody fails on the way down.
 *
 * @param groups each is asked to end when nothing of those before it runs any more
 */
record StopOrder(List<Set<Role>> groups) {
    static final StopOrder DEPENDENTS_FIRST = new StopOrder(List.of(
            Set.of(Role.GATEWAY), Set.of(Role.APP), Set.of(Role.PROXY), Set.of(Role.CONTROL_PLANE, Role.DATABASE)));

    /** For a mesh that only records: writing the caches takes each process seconds, and nobody calls any more. */
    static final StopOrder ALL_AT_ONCE = new StopOrder(List.of(EnumSet.allOf(Role.class)));

    /** Those of the first group of which something still runs. */
    List<Child> next(Collection<Child> children) {
        for (Set<Role> group : groups) {
            List<Child> alive = children.stream()
                    .filter(child -> group.contains(child.launch.role()) && child.alive())
                    .toList();
            if (!alive.isEmpty()) {
                return alive;
            }
        }
        return List.of();
    }
}
