package dev.perimeter.labs.harness.grade;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.Toggle;
import dev.perimeter.labs.harness.vocabulary.Graded;
import dev.perimeter.labs.harness.vocabulary.Off;
import dev.perimeter.labs.harness.vocabulary.On;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The checks of a lab by id, and which of them need a mesh.
 *
 * @param ladder ids of the checks of a challenge, in their order
 * @param ritual for each toggle, in the lab's order, the ids that are checked with it off and on, the toggle's own last
 */
public record Selection(List<String> ladder, Map<String, List<String>> ritual) {

    /** Everything the lab has. */
    public static Selection of(LabManifest lab, Suite suite) {
        List<Method> checks = suite.checks().stream()
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Graded.class))
                .sorted(Comparator.comparing((Method method) -> id(method).length())
                        .thenComparing(Selection::id))
                .toList();
        Map<String, List<String>> ritual = new LinkedHashMap<>();
        for (Toggle toggle : lab.toggles()) {
            List<String> ids = new ArrayList<>(checks.stream()
                    .filter(check -> toggle(check).equals(Optional.of(toggle.name())))
                    .map(Selection::id)
                    .toList());
            ids.add(RitualRun.idOf(lab, toggle.name()));
            ritual.put(toggle.name(), List.copyOf(ids));
        }
        List<String> ladder = checks.stream()
                .filter(check -> toggle(check).isEmpty())
                .map(Selection::id)
                .toList();
        return new Selection(ladder, ritual);
    }

    private static String id(Method check) {
        return check.getAnnotation(Graded.class).hint();
    }

    private static Optional<String> toggle(Method check) {
        return Optional.ofNullable(check.getAnnotation(Off.class))
                .map(Off::value)
                .or(() -> Optional.ofNullable(check.getAnnotation(On.class)).map(On::value));
    }

    /** Whether that id is one of a mesh. */
    public boolean needsMesh(String id) {
        return ritual.values().stream().anyMatch(ids -> ids.contains(id));
    }

    /** The toggles that have to be flipped for these ids; all of them when there are none. */
    public Set<String> toggles(Set<String> only) {
        return ritual.keySet().stream()
                .filter(toggle -> only.isEmpty()
                        || ritual.getOrDefault(toggle, List.of()).stream().anyMatch(only::contains))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The id as the lab writes it: {@code 00.1} is {@code 0.1}.
     *
     * @throws Refused when there is no such check, with those there are
     */
    public String find(LabManifest lab, String asked) {
        String id = RitualRun.idOf(lab, asked.substring(asked.indexOf('.') + 1));
        if (ladder.contains(id) || needsMesh(id)) {
            return id;
        }
        String onMesh = ritual.values().stream().flatMap(List::stream).collect(Collectors.joining(", "));
        throw new Refused("There is no check %s; there are %s%s on a mesh."
                .formatted(asked, ladder.isEmpty() ? "" : String.join(", ", ladder) + ", and ", onMesh));
    }
}
