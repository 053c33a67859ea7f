package dev.perimeter.labs.harness.check;

import dev.perimeter.labs.harness.lab.Hints;
import java.util.List;

/** Writes results as text: one line for what passed, the whole story for what did not. */
public final class Report {

    private static final int WIDTH = 78;

    private final Hints hints;
    private final long seed;

    /**
     * @param hints of the lab, whose first rung is offered beside a failure
     * @param seed printed so that a failure can be played again
     */
    public Report(Hints hints, long seed) {
        this.hints = hints;
        this.seed = seed;
    }

    /** All results, then the sum. */
    public String render(List<CheckResult> results) {
        StringBuilder text = new StringBuilder();
        results.forEach(result -> text.append(render(result)));
        int earned = results.stream().mapToInt(CheckResult::earned).sum();
        int points = results.stream().mapToInt(CheckResult::points).sum();
        text.append('\n')
                .append(count(results, "passed"))
                .append(" passed, ")
                .append(count(results, "failed"))
                .append(" failed, ")
                .append(count(results, "not reached"))
                .append(" not reached")
                .append(points == 0 ? "" : "; " + earned + " of " + points + " points")
                .append('\n');
        return text.toString();
    }

    /** One result. */
    public String render(CheckResult result) {
        String score = result.earned() + "/" + result.points();
        String head = result.id() + " " + result.title();
        String verdict = result.status() == Status.NOT_REACHED
                ? "not reached"
                : result.status().name();
        StringBuilder text = new StringBuilder(
                head + " ".repeat(Math.max(2, WIDTH - head.length() - verdict.length() - 6)) + verdict + "  " + score);
        text.append('\n');
        if (result.status() == Status.PASS) {
            return text.toString();
        }
        int number = 1;
        for (Story.Step step : result.story().steps()) {
            text.append(line(number++, step.verb(), step.fact()));
        }
        result.story().seen().ifPresent(seen -> seen(text, result, seen));
        if (!result.note().isEmpty()) {
            text.append("    ").append(result.note()).append('\n');
        }
        if (result.status() != Status.FAIL && result.status() != Status.NOT_REACHED) {
            text.append("    Next: ").append(result.status().next()).append('\n');
        }
        if (result.status().state().equals("failed")) {
            hint(text, result);
            text.append("    Replay: scripts/lab check ")
                    .append(result.id())
                    .append(" --seed ")
                    .append(seed)
                    .append('\n');
        }
        return text.toString();
    }

    private static void seen(StringBuilder text, CheckResult result, Story.Seen seen) {
        int number = result.story().steps().size() + 1;
        if (!result.story().expected().isEmpty()) {
            text.append(line(number, "Expected", result.story().expected()));
        }
        String lead = "    but got   ";
        text.append(lead)
                .append(seen.text().replace("\n", "\n" + " ".repeat(lead.length())))
                .append('\n');
        int lastLine = seen.text().lastIndexOf('\n') + 1;
        int at = seen.marked().isEmpty() ? -1 : seen.text().indexOf(seen.marked(), lastLine);
        if (at >= 0) {
            text.append(" ".repeat(lead.length() + at - lastLine))
                    .append("^".repeat(seen.marked().length()))
                    .append(seen.why().isEmpty() ? "" : " " + seen.why())
                    .append('\n');
        }
    }

    private void hint(StringBuilder text, CheckResult result) {
        List<String> rungs = hints.rungs().getOrDefault(result.id(), List.of());
        if (!rungs.isEmpty()) {
            String first = rungs.getFirst().lines().findFirst().orElse("");
            int question = first.indexOf('?');
            text.append("    Hint 1 of ")
                    .append(rungs.size())
                    .append(": ")
                    .append(question < 0 ? first : first.substring(0, question + 1))
                    .append("   scripts/lab hint ")
                    .append(result.id())
                    .append('\n');
        }
    }

    private static String line(int number, String verb, String fact) {
        return String.format("  %d %-9s %s%n", number, verb, fact.replace("\n", "\n              "));
    }

    private static long count(List<CheckResult> results, String state) {
        return results.stream()
                .filter(result -> result.status().state().equals(state))
                .count();
    }
}
