package dev.perimeter.labs.harness.workload;

import dev.perimeter.controlplane.contract.Ports;
import dev.perimeter.controlplane.model.Gateway;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.labs.harness.process.Probe;
import dev.perimeter.labs.harness.run.Role;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What shall run, given the resources: a pure function of them and of the surroundings.
 *
 * @param launches the processes, those that others need first
 * @param files what must lie on the disk before any of them starts: bootstraps and the hosts file
 */
public record Plan(MeshConfig config, List<Pod> pods, List<Launch> launches, Map<Path, String> files) {
    /** Workload number of the control plane. */
    public static final int CONTROL_PLANE_NUMBER = 1;

    static final int GATEWAY_NUMBER = 2;
    static final int DATABASE_NUMBER = 3;

    /** Name of the process. */
    public static final String CONTROL_PLANE = "control-plane";

    /** Name of the process. */
    public static final String GATEWAY = "gateway";

    /**
     * Plans.
     *
     * @param numbers the workload numbers given before, by pod
     */
    public static Plan of(MeshConfig config, Surroundings surroundings, Map<String, Integer> numbers) {
        List<Pod> pods = Pod.all(config, surroundings.site(), numbers);
        Database database = Database.of(surroundings);
        Surroundings.Caches caches = surroundings.new Caches();
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(surroundings.home().hosts(), HostsFile.text(config, pods));
        List<Launch> launches = new ArrayList<>();
        if (pods.stream().anyMatch(Pod::database)) {
            launches.add(database.launch());
        }
        launches.add(controlPlane(surroundings, caches));
        for (Gateway gateway : config.all(Gateway.class).stream().limit(1).toList()) {
            String bootstrap = Bootstrap.ofGateway(
                    gateway.meta().namespace(), gateway.meta().name(), surroundings.site());
            Path file = bootstrap(surroundings, GATEWAY);
            files.put(file, bootstrap);
            String door = "127.0.0.1:" + surroundings.settings().gatewayPort();
            String address = surroundings.site().podIp(GATEWAY_NUMBER);
            launches.add(
                    proxy(surroundings, caches, ProgramModule.GATEWAY, Role.GATEWAY, GATEWAY, door, address, file));
        }
        AppLaunch apps = new AppLaunch(surroundings, database, caches);
        for (Pod pod : pods) {
            if (pod.database()) {
                continue;
            }
            if (pod.sidecar()) {
                String name = pod.proxyName();
                Path file = bootstrap(surroundings, name);
                files.put(file, Bootstrap.ofSidecar(pod));
                String address = pod.ip() + ":" + pod.mainPort();
                launches.add(
                        proxy(surroundings, caches, ProgramModule.SIDECAR, Role.PROXY, name, address, pod.ip(), file));
            }
            launches.add(apps.of(pod));
        }
        return new Plan(config, pods, List.copyOf(launches), files);
    }

    /**
     * The endpoint slices as they shall lie among the resources.
     *
     * @param ready whether the process of that name is ready
     */
    public Map<ObjectKey, String> endpointSlices(Predicate<String> ready) {
        Predicate<String> podReady = name -> ready.test(name)
                && pods.stream()
                        .filter(pod -> pod.name().equals(name) && pod.sidecar())
                        .allMatch(pod -> ready.test(pod.proxyName()));
        return EndpointSlices.texts(config, pods, podReady);
    }

    private static Path bootstrap(Surroundings surroundings, String name) {
        return surroundings.home().bootstrap().resolve(name + ".yaml");
    }

    private static Launch controlPlane(Surroundings surroundings, Surroundings.Caches caches) {
        String address = surroundings.site().podIp(CONTROL_PLANE_NUMBER);
        List<String> arguments = List.of(
                "--resources",
                surroundings.home().resources().toString(),
                "--last-good",
                surroundings.home().lastGood().resolve(CONTROL_PLANE).toString(),
                "--bind",
                address);
        return new Launch(
                CONTROL_PLANE,
                Role.CONTROL_PLANE,
                address + ":" + Ports.XDS,
                surroundings.jar(ProgramModule.CONTROL_PLANE, List.of(), arguments),
                caches.options(ProgramModule.CONTROL_PLANE),
                Surroundings.environment(Map.of()),
                surroundings.log(CONTROL_PLANE),
                null,
                Probe.http(address, Ports.CONSOLE, "/ready"),
                List.of(),
                null);
    }

    /** A proxy could start before its control plane, but would only wait and try again with growing pauses. */
    private static Launch proxy(
            Surroundings surroundings,
            Surroundings.Caches caches,
            ProgramModule module,
            Role role,
            String name,
            String address,
            String admin,
            Path bootstrap) {
        return new Launch(
                name,
                role,
                address,
                surroundings.jar(module, List.of(), List.of("--bootstrap", bootstrap.toString())),
                caches.options(module),
                Surroundings.environment(Map.of()),
                surroundings.log(name),
                surroundings.home().logs().resolve(name + ".access.jsonl"),
                Probe.http(admin, Ports.ADMIN, "/ready"),
                List.of(CONTROL_PLANE),
                null);
    }
}
