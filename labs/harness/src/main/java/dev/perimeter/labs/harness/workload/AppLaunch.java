package dev.perimeter.labs.harness.workload;

import dev.perimeter.controlplane.contract.Ports;
import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.process.Probe;
import dev.perimeter.labs.harness.run.Role;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How the application of a pod is launched. With a sidecar it is told of it the way any program is told of a proxy, by
 * the JVM's standard settings; without one it is not told anything. Jar and arguments of its own never differ.
 */
record AppLaunch(Surroundings surroundings, Database database, Surroundings.Caches caches) {
    private static final String READINESS = "/actuator/health/readiness";

    Launch of(Pod pod) {
        ProgramModule program = program(pod);
        List<String> proxy = pod.sidecar() ? proxySettings(pod.ip()) : List.of();
        return new Launch(
                pod.name(),
                Role.APP,
                pod.appAddress() + ":" + pod.mainPort(),
                surroundings.jar(program, proxy, List.of()),
                caches.options(program),
                environment(pod, program),
                surroundings.log(pod.name()),
                null,
                Probe.http(pod.appAddress(), pod.mainPort(), READINESS),
                List.of(Database.NAME),
                null);
    }

    /** grpc-java asks the https settings and sends CONNECT; with the http ones alone it would pass the proxy by. */
    private static List<String> proxySettings(String address) {
        return List.of(
                "-Dhttp.proxyHost=" + address,
                "-Dhttp.proxyPort=" + Ports.OUTBOUND,
                "-Dhttps.proxyHost=" + address,
                "-Dhttps.proxyPort=" + Ports.OUTBOUND,
                "-Dhttp.nonProxyHosts=");
    }

    /** The manifest's variables, then those that depend on this machine: addresses and the database. */
    private Map<String, String> environment(Pod pod, ProgramModule program) {
        Map<String, String> environment = new LinkedHashMap<>();
        pod.deployment().container().env().forEach(variable -> environment.put(variable.name(), variable.value()));
        environment.putAll(database.environment(program == ProgramModule.ORDER_PROCESSOR ? "orders" : "payments"));
        environment.put("SERVER_ADDRESS", pod.appAddress());
        environment.put("SERVER_PORT", Integer.toString(pod.mainPort()));
        return Surroundings.environment(environment);
    }

    private static ProgramModule program(Pod pod) {
        return Stream.of(ProgramModule.ORDER_PROCESSOR, ProgramModule.PAYMENT)
                .filter(module -> module.artifact().equals(Pod.program(pod.deployment())))
                .findFirst()
                .orElseThrow(() -> new Refused(
                        "The image \"%s\" is none of this project's programs; write perimeter/payment or perimeter/order-processor."
                                .formatted(pod.deployment().container().image())));
    }
}
