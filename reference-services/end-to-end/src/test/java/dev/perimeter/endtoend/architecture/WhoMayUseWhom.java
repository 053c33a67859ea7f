package dev.perimeter.endtoend.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The table of the architecture: which module may use which, and which libraries.
 *
 * <p>Every module may use the JDK and JSpecify. A module that is not in the table fails the build, so the table and
 * the folders cannot drift apart.
 */
final class WhoMayUseWhom {

    private static final String PROTOBUF = "com.google.protobuf";
    private static final String ENVOY = "io.envoyproxy";
    private static final String XDS_TYPES = "com.github.xds";
    private static final String RE2J = "com.google.re2j";
    private static final String GRPC = "io.grpc";
    private static final String GRPC_STATUS = "com.google.rpc";
    private static final String NETTY = "io.netty";
    private static final String SLF4J = "org.slf4j";
    private static final String GSON = "com.google.gson";
    private static final String YAML = "org.snakeyaml.engine";
    private static final String ANY = "";

    static final List<Module> TABLE = List.of(
            // The engine knows no wire format but HTTP: protobuf would tie it to one control protocol.
            module("proxy/engine", "dev.perimeter.proxy")
                    .libraries(NETTY, SLF4J, RE2J, "org.HdrHistogram", "com.sun.management"),
            module("proxy/filters", "dev.perimeter.proxy.filters")
                    .uses("proxy/engine", "control-plane/contract")
                    .libraries(NETTY, SLF4J, RE2J, PROTOBUF, ENVOY, XDS_TYPES),
            // xds and filters never see each other: main() hands the catalogue over.
            module("proxy/xds", "dev.perimeter.proxy.xds")
                    .uses("proxy/engine", "control-plane/contract")
                    .libraries(NETTY, SLF4J, RE2J, PROTOBUF, ENVOY, XDS_TYPES, GRPC, GRPC_STATUS),
            module("proxy/sidecar", "dev.perimeter.proxy.sidecar")
                    .uses("proxy/engine", "proxy/filters", "proxy/xds", "control-plane/contract")
                    .libraries(NETTY, SLF4J, RE2J, PROTOBUF, ENVOY, XDS_TYPES, YAML),
            // No engine: what tests the engine from outside must not be built from it.
            module("proxy/testkit", "dev.perimeter.proxy.testkit")
                    .uses("control-plane/contract")
                    .libraries(ANY),
            module("proxy/benchmarks/micro", "dev.perimeter.proxy.benchmarks")
                    .uses("proxy/engine")
                    .libraries(ANY),
            module("gateway/filters", "dev.perimeter.gateway.filters")
                    .uses("proxy/engine", "control-plane/contract")
                    .libraries(NETTY, SLF4J, PROTOBUF, ENVOY, XDS_TYPES),
            // The gateway is the sidecar's engine and start-up with more filters in the catalogue.
            module("gateway/edge", "dev.perimeter.gateway.edge")
                    .uses("proxy/engine", "proxy/filters", "proxy/xds", "proxy/sidecar", "gateway/filters")
                    .uses("control-plane/contract")
                    .libraries(SLF4J),
            module("control-plane/contract", "dev.perimeter.controlplane.contract")
                    .libraries(PROTOBUF, ENVOY, XDS_TYPES),
            module("control-plane/model", "dev.perimeter.controlplane.model"),
            module("control-plane/sources", "dev.perimeter.controlplane.sources")
                    .uses("control-plane/model")
                    .libraries(SLF4J, YAML, "io.fabric8"),
            module("control-plane/translate", "dev.perimeter.controlplane.translate")
                    .uses("control-plane/model", "control-plane/contract")
                    .libraries(PROTOBUF, ENVOY, XDS_TYPES),
            module("control-plane/discovery", "dev.perimeter.controlplane.discovery")
                    .uses("control-plane/model", "control-plane/contract", "control-plane/translate")
                    .libraries(NETTY, SLF4J, PROTOBUF, ENVOY, XDS_TYPES, GRPC, GRPC_STATUS),
            module("control-plane/server", "dev.perimeter.controlplane.server")
                    .uses("control-plane/model", "control-plane/contract", "control-plane/sources")
                    .uses("control-plane/translate", "control-plane/discovery")
                    .libraries(NETTY, SLF4J, PROTOBUF, ENVOY, XDS_TYPES, GRPC, GSON, "com.sun.net.httpserver"),
            // The services are ordinary Spring applications that have never heard of a mesh.
            module("reference-services/contracts", "dev.perimeter.shop.contracts")
                    .libraries(PROTOBUF, GRPC, "com.google.common"),
            module("reference-services/order-processor", "dev.perimeter.shop.order")
                    .uses("reference-services/contracts")
                    .libraries(ANY),
            module("reference-services/payment", "dev.perimeter.shop.payment")
                    .uses("reference-services/contracts")
                    .libraries(ANY),
            // The harness runs and observes processes: it may know resources, never the inside of a proxy or a service.
            module("labs/harness", "dev.perimeter.labs.harness")
                    .uses("control-plane/model", "control-plane/contract", "control-plane/sources")
                    .libraries(ANY),
            module("labs/00-the-tour", "dev.perimeter.labs").libraries(ANY),
            module("labs/10-the-local-proxy", "dev.perimeter.labs")
                    .uses("proxy/engine")
                    .libraries(ANY),
            // The reference is made from the catalogues and from the lists by which configuration is read.
            module("book", "dev.perimeter.book")
                    .uses("proxy/engine", "proxy/filters", "proxy/xds", "gateway/filters", "control-plane/contract")
                    .libraries(ANY));

    private WhoMayUseWhom() {}

    private static Module module(String folder, String base) {
        return new Module(folder, base, Set.of(), Set.of("java", "javax", "jdk", "org.jspecify"));
    }

    /** The module whose base package is the longest that holds this package; empty for packages that are not ours. */
    static Optional<Module> ownerOf(String packageName) {
        return TABLE.stream()
                .filter(module -> isIn(packageName, module.base()))
                .max(Comparator.comparingInt(module -> module.base().length()));
    }

    private static boolean isIn(String packageName, String base) {
        return base.equals(ANY) || packageName.equals(base) || packageName.startsWith(base + ".");
    }

    /** A line of the table. */
    record Module(String folder, String base, Set<String> modules, Set<String> allowedLibraries) {

        Module uses(String... folders) {
            return new Module(folder, base, union(modules, folders), allowedLibraries);
        }

        Module libraries(String... packages) {
            return new Module(folder, base, modules, union(allowedLibraries, packages));
        }

        private static Set<String> union(Set<String> one, String... other) {
            Set<String> all = new java.util.TreeSet<>(one);
            all.addAll(Arrays.asList(other));
            return Set.copyOf(all);
        }

        /** True if the class was compiled into this module's folder. */
        boolean holds(JavaClass type) {
            return type.getSource()
                    .map(source -> source.getUri().toString().contains("/" + folder + "/target/classes/"))
                    .orElse(false);
        }

        /** True if code of this module may use that class. */
        boolean mayUse(JavaClass type) {
            String packageName = type.getBaseComponentType().getPackageName();
            if (packageName.isEmpty()) {
                return type.getBaseComponentType().isPrimitive();
            }
            if (!isIn(packageName, "dev.perimeter")) {
                return allowedLibraries.stream().anyMatch(library -> isIn(packageName, library));
            }
            return isIn(packageName, base)
                            && ownerOf(packageName).map(this::isSelf).orElse(false)
                    || ownerOf(packageName)
                            .map(owner -> modules.contains(owner.folder()))
                            .orElse(false);
        }

        private boolean isSelf(Module owner) {
            return owner.folder().equals(folder) || owner.base().equals(base);
        }
    }
}
