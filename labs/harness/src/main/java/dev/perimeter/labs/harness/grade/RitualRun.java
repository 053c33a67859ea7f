package dev.perimeter.labs.harness.grade;

import dev.perimeter.labs.harness.check.CheckContext;
import dev.perimeter.labs.harness.check.CheckContext.ToggleState;
import dev.perimeter.labs.harness.check.CheckResult;
import dev.perimeter.labs.harness.check.Checker;
import dev.perimeter.labs.harness.check.Status;
import dev.perimeter.labs.harness.check.Story;
import dev.perimeter.labs.harness.evidence.Before;
import dev.perimeter.labs.harness.evidence.Evidence;
import dev.perimeter.labs.harness.evidence.MeshEvidence;
import dev.perimeter.labs.harness.evidence.ProcessFacts;
import dev.perimeter.labs.harness.evidence.Scenario;
import dev.perimeter.labs.harness.fault.Faults;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.Toggle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ritual of a lab on a mesh: for each toggle what must hold with it off, what must hold with it on, and that the
 * evidence of the two differs where the lab says so. A toggle that does nothing fails all three.
 */
public final class RitualRun {

    private final LabManifest lab;
    private final Suite suite;
    private final Evidence evidence;
    private final Faults faults;
    private final long seed;

    private RitualRun(LabManifest lab, Suite suite, Evidence evidence, Faults faults, long seed) {
        this.lab = lab;
        this.suite = suite;
        this.evidence = evidence;
        this.faults = faults;
        this.seed = seed;
    }

    /** The ritual of a lab on that mesh. */
    public static RitualRun on(PrivateMesh own, LabManifest lab, Suite suite, long seed) {
        return new RitualRun(lab, suite, new MeshEvidence(own.mesh().home()), new Faults(own.mesh()), seed);
    }

    /** The id of the result that says whether a toggle makes a difference, such as {@code 10.sidecar}. */
    public static String idOf(LabManifest lab, String toggle) {
        return lab.id().replaceFirst("^0(?=.)", "") + "." + toggle;
    }

    /**
     * Flips the toggles of the lab, in the order of its file; each stays on for those that follow.
     *
     * @param only ids of the checks to run; empty for all. A toggle none of them needs is only switched on
     */
    public List<CheckResult> run(Switch hand, Set<String> only) {
        Scenario scenario = suite.make(lab.scenario(), Scenario.class);
        List<CheckResult> results = new ArrayList<>();
        Selection all = Selection.of(lab, suite);
        Set<String> flipped = all.toggles(only);
        for (Toggle toggle : lab.toggles()) {
            if (!flipped.contains(toggle.name())) {
                hand.set(toggle, toggle.on());
                continue;
            }
            hand.set(toggle, toggle.off());
            Before before = new Before(facts(), scenario.observe(evidence));
            results.addAll(check(new ToggleState(toggle.name(), false, Before.NOTHING), only));
            hand.set(toggle, toggle.on());
            Map<String, String> after = scenario.observe(evidence);
            results.addAll(check(new ToggleState(toggle.name(), true, before), only));
            if (only.isEmpty() || only.contains(idOf(lab, toggle.name()))) {
                results.add(difference(toggle, before.observation(), after));
            }
        }
        return results;
    }

    private List<CheckResult> check(ToggleState state, Set<String> only) {
        return Checker.run(CheckContext.ritual(evidence, faults, state, seed, only), suite.checks());
    }

    private Map<String, ProcessFacts> facts() {
        Map<String, ProcessFacts> facts = new LinkedHashMap<>();
        evidence.processes().forEach(name -> evidence.process(name).ifPresent(found -> facts.put(name, found)));
        return facts;
    }

    private CheckResult difference(Toggle toggle, Map<String, String> off, Map<String, String> on) {
        Story story = new Story()
                .did("Observed", "with " + toggle.name() + "=" + toggle.off())
                .did("Observed", "with " + toggle.name() + "=" + toggle.on());
        Status status = Status.PASS;
        for (String field : lab.differs().getOrDefault(toggle.name(), List.of())) {
            String seen = on.getOrDefault(field, "nothing");
            if (seen.equals(off.getOrDefault(field, "nothing"))) {
                story.expect("another \"" + field + "\" than with " + toggle.name() + "=" + toggle.off());
                status = story.butGot(seen, seen, "the same as before: the toggle did nothing here")
                        .status();
                break;
            }
        }
        return new CheckResult(
                idOf(lab, toggle.name()),
                "The toggle " + toggle.name() + " makes a difference",
                status,
                0,
                "run",
                false,
                story,
                "");
    }
}
