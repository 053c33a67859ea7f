package dev.perimeter.endtoend.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Files stay short enough to be read in one go; see the record of the decision in the book. */
final class FileBudget {

    private static final int MEDIAN = 90;
    private static final int NINETIETH_PERCENTILE = 250;
    private static final int LONGEST = 400;
    private static final String DECISIONS = "book/src/adr/";

    private FileBudget() {}

    static SourceRule rule() {
        return new SourceRule(
                "files keep to their budget",
                FileBudget::violations,
                Map.of("book/src/main/java/dev/perimeter/book/Long.java", "\n".repeat(LONGEST + 1)));
    }

    static List<String> violations(Checkout checkout) {
        List<String> violations = new ArrayList<>();
        List<String> files = checkout.mainJavaFiles()
                .filter(file -> !file.endsWith("/package-info.java"))
                .toList();
        List<Integer> sizes =
                files.stream().map(file -> lines(checkout, file)).sorted().toList();
        if (sizes.isEmpty()) {
            return violations;
        }
        int median = sizes.get(sizes.size() / 2);
        int ninetieth = sizes.get((int) Math.ceil(sizes.size() * 0.9) - 1);
        if (median > MEDIAN) {
            violations.add("half of all files have " + median + " lines or more; the budget is " + MEDIAN);
        }
        if (ninetieth > NINETIETH_PERCENTILE) {
            violations.add(
                    "a tenth of all files have " + ninetieth + " lines or more; the budget is " + NINETIETH_PERCENTILE);
        }
        files.stream()
                .filter(file -> lines(checkout, file) > LONGEST)
                .filter(file -> !namedByADecision(checkout, file))
                .map(file -> file + " has " + lines(checkout, file) + " lines: split it, or record a decision in "
                        + DECISIONS + " that names it")
                .forEach(violations::add);
        return violations;
    }

    private static boolean namedByADecision(Checkout checkout, String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return checkout.files().stream()
                .filter(record -> record.startsWith(DECISIONS))
                .anyMatch(record -> checkout.text(record).contains(name));
    }

    private static int lines(Checkout checkout, String file) {
        return (int) checkout.text(file).lines().count();
    }
}
