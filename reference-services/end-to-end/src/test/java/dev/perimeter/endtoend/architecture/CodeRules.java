package dev.perimeter.endtoend.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What the table of {@link WhoMayUseWhom} means for code, and the rules a table of modules cannot say. */
final class CodeRules {

    private static final String[] MESH = {
        "dev.perimeter.proxy..", "dev.perimeter.gateway..", "dev.perimeter.controlplane..",
    };
    private static final String[] FILTERS = {"dev.perimeter.proxy.filters..", "dev.perimeter.gateway.filters.."};
    private static final String[] PROTOBUF = {"com.google.protobuf..", "io.envoyproxy..", "com.github.xds.."};

    /** Calls that park the calling thread; on an event loop every connection of that loop would wait with it. */
    private static final Map<String, Set<String>> PARKING = Map.of(
            "java.lang.Thread", Set.of("sleep", "join"),
            "java.lang.Object", Set.of("wait"),
            "java.util.concurrent.Future", Set.of("get"),
            "java.util.concurrent.CompletableFuture", Set.of("get", "join"),
            "java.util.concurrent.CountDownLatch", Set.of("await"),
            "java.util.concurrent.Semaphore", Set.of("acquire"),
            "java.util.concurrent.BlockingQueue", Set.of("take", "put"),
            "java.util.concurrent.locks.LockSupport", Set.of("park", "parkNanos"),
            "io.netty.util.concurrent.Future",
                    Set.of("get", "sync", "await", "awaitUninterruptibly", "syncUninterruptibly"));

    /** In the engine, but never on an event loop: the log's writer has a thread of its own, and Workers ends the loops. */
    private static final Set<String> OFF_THE_LOOPS =
            Set.of("dev.perimeter.proxy.observe.LogWriter", "dev.perimeter.proxy.listen.Workers");

    private CodeRules() {}

    static Stream<CodeRule> all() {
        return Stream.concat(table(), special());
    }

    private static Stream<CodeRule> table() {
        return WhoMayUseWhom.TABLE.stream().map(module -> {
            String culprit = module.base() + ".Culprit";
            return new CodeRule(
                    module.folder() + " uses only what the table allows",
                    classes().that(compiledInto(module)).should(useOnlyWhatIsAllowedTo(module)),
                    module.folder(),
                    sources(
                            culprit,
                            "class Culprit { dev.perimeter.endtoend.Story story; }",
                            "dev.perimeter.endtoend.Story"));
        });
    }

    private static Stream<CodeRule> special() {
        return Stream.of(
                new CodeRule(
                        "the engine sees no protobuf",
                        noClasses()
                                .that(compiledInto(WhoMayUseWhom.ownerOf("dev.perimeter.proxy")
                                        .orElseThrow()))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(PROTOBUF),
                        "proxy/engine",
                        sources(
                                "dev.perimeter.proxy.route.Culprit",
                                "class Culprit { com.google.protobuf.Message message; }",
                                "com.google.protobuf.Message")),
                new CodeRule(
                        "in proxy/xds, protobuf stops at stream and resource",
                        noClasses()
                                .that()
                                .resideInAPackage("dev.perimeter.proxy.xds..")
                                .and()
                                .resideOutsideOfPackages(
                                        "dev.perimeter.proxy.xds.resource..",
                                        "dev.perimeter.proxy.xds.stream..",
                                        "dev.perimeter.proxy.xds.source..",
                                        "dev.perimeter.proxy.xds.world..",
                                        "dev.perimeter.proxy.xds.transport..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(PROTOBUF)
                                .allowEmptyShould(true),
                        "proxy/xds",
                        sources(
                                "dev.perimeter.proxy.xds.warm.Culprit",
                                "class Culprit { com.google.protobuf.Message message; }",
                                "com.google.protobuf.Message")),
                new CodeRule(
                        "in a filter, only the nested Config of a FilterKind touches protobuf",
                        noClasses()
                                .that()
                                .resideInAnyPackage(FILTERS)
                                .and()
                                .resideOutsideOfPackage("dev.perimeter.proxy.filters.field")
                                .and(areNoConfigOfAFilter())
                                // The compiler's own tables for a switch over an enum stand outside of who switches.
                                .and()
                                .areNotAnonymousClasses()
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(PROTOBUF)
                                .orShould()
                                .dependOnClassesThat()
                                .resideInAPackage("dev.perimeter.controlplane.contract.filters.."),
                        "proxy/filters",
                        sources(
                                "dev.perimeter.proxy.filters.Culprit",
                                "class Culprit implements dev.perimeter.proxy.filter.FilterKind {"
                                        + " class Config {} com.google.protobuf.Message message; }",
                                "com.google.protobuf.Message",
                                "dev.perimeter.proxy.filter.FilterKind")),
                new CodeRule(
                        "filters never use one another",
                        classes()
                                .that()
                                .resideInAnyPackage(FILTERS)
                                .and(areNoCatalogue())
                                .should(useNoOtherFilter()),
                        "gateway/filters",
                        sources(
                                "dev.perimeter.gateway.filters.CulpritFilter",
                                "class CulpritFilter { OtherFilter other; }",
                                "dev.perimeter.gateway.filters.OtherFilter")),
                new CodeRule(
                        "Spring lives only in the reference services",
                        noClasses()
                                .that()
                                .resideOutsideOfPackage("dev.perimeter.shop..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("org.springframework..", "jakarta.."),
                        "labs/harness",
                        sources(
                                "dev.perimeter.labs.harness.Culprit",
                                "class Culprit { org.springframework.Bean bean; }",
                                "org.springframework.Bean")),
                new CodeRule(
                        "the Kubernetes client stays in sources.kubernetes and the injector",
                        noClasses()
                                .that()
                                .resideOutsideOfPackages(
                                        "dev.perimeter.controlplane.sources.kubernetes..",
                                        "dev.perimeter.controlplane.server.injector..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("io.fabric8.."),
                        "control-plane/sources",
                        sources(
                                "dev.perimeter.controlplane.sources.file.Culprit",
                                "class Culprit { io.fabric8.Client client; }",
                                "io.fabric8.Client")),
                new CodeRule(
                        "dumb pipes: no part of the mesh knows the shop",
                        noClasses()
                                .that()
                                .resideInAnyPackage(MESH)
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("dev.perimeter.shop.."),
                        "gateway/filters",
                        sources(
                                "dev.perimeter.gateway.filters.Culprit",
                                "class Culprit { dev.perimeter.shop.order.Order order; }",
                                "dev.perimeter.shop.order.Order")),
                new CodeRule(
                        "no part of the mesh is wired by a container",
                        noClasses()
                                .that()
                                .resideInAnyPackage(MESH)
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("javax.inject..", "com.google.inject..", "dagger.."),
                        "control-plane/server",
                        sources(
                                "dev.perimeter.controlplane.server.Culprit",
                                "class Culprit { javax.inject.Provider provider; }",
                                "javax.inject.Provider")),
                new CodeRule(
                        "event-loop code never blocks",
                        classes()
                                .that()
                                .resideInAnyPackage(FILTERS)
                                .or(compiledInto(WhoMayUseWhom.ownerOf("dev.perimeter.proxy")
                                        .orElseThrow()))
                                .and(mayRunOnAnEventLoop())
                                .should(parkNoThread()),
                        "proxy/engine",
                        Map.of(
                                "dev.perimeter.proxy.tcp.Culprit",
                                "class Culprit { void run() throws Exception { Thread.sleep(1); } }")));
    }

    /** The culprit's source, and an empty public interface under each of the other names. */
    private static Map<String, String> sources(String culprit, String code, String... others) {
        Map<String, String> sources = new HashMap<>(Map.of(culprit, code));
        for (String other : others) {
            sources.put(other, "public interface " + other.substring(other.lastIndexOf('.') + 1) + " {}");
        }
        return sources;
    }

    private static DescribedPredicate<JavaClass> compiledInto(WhoMayUseWhom.Module module) {
        return DescribedPredicate.describe("are compiled into " + module.folder(), module::holds);
    }

    /** A FilterKind leaves parsing to the class Config inside it; what it makes of that works without. */
    private static DescribedPredicate<JavaClass> areNoConfigOfAFilter() {
        return DescribedPredicate.describe("are no config of a filter", type -> {
            for (JavaClass each = type;
                    each.getEnclosingClass().isPresent();
                    each = each.getEnclosingClass().get()) {
                if (each.getSimpleName().equals("Config")
                        && each.getEnclosingClass().get().isAssignableTo("dev.perimeter.proxy.filter.FilterKind")) {
                    return false;
                }
            }
            return true;
        });
    }

    /** A catalogue is the one visible list of a module's filters; naming them all is its job. */
    private static DescribedPredicate<JavaClass> areNoCatalogue() {
        return DescribedPredicate.describe(
                "are not a catalogue", type -> !outermost(type).getSimpleName().endsWith("Filters"));
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return outermost;
    }

    private static ArchCondition<JavaClass> useOnlyWhatIsAllowedTo(WhoMayUseWhom.Module module) {
        return new ArchCondition<>("use only " + module.modules() + " and its libraries") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> !module.mayUse(dependency.getTargetClass()))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> useNoOtherFilter() {
        return new ArchCondition<>("use no other filter") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> {
                            JavaClass target = outermost(dependency.getTargetClass());
                            return target.getSimpleName().endsWith("Filter")
                                    && target.getPackageName().matches("dev\\.perimeter\\.(proxy|gateway)\\.filters.*")
                                    && !target.getName().equals(outermost(type).getName());
                        })
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
            }
        };
    }

    private static DescribedPredicate<JavaClass> mayRunOnAnEventLoop() {
        return DescribedPredicate.describe(
                "may run on an event loop",
                type -> !OFF_THE_LOOPS.contains(outermost(type).getName()));
    }

    private static ArchCondition<JavaClass> parkNoThread() {
        return new ArchCondition<>("call nothing that parks the thread") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getMethodCallsFromSelf().stream()
                        .filter(CodeRules::parks)
                        .forEach(call -> events.add(SimpleConditionEvent.violated(type, call.getDescription())));
            }
        };
    }

    private static boolean parks(JavaMethodCall call) {
        JavaClass owner = call.getTargetOwner();
        return PARKING.entrySet().stream()
                .anyMatch(entry -> entry.getValue().contains(call.getName()) && owner.isAssignableTo(entry.getKey()));
    }
}
