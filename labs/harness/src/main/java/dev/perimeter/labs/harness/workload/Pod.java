package dev.perimeter.labs.harness.workload;

import dev.perimeter.controlplane.model.Deployment;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.labs.harness.site.Site;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One replica of a Deployment on this machine.
 *
 * @param name {@code <deployment>-<i>}; the database's is just {@code database}
 * @param number its workload number, which makes its addresses
 */
public record Pod(String name, Deployment deployment, int number, Site site) {
    /** Label of a pod that gets a proxy beside it. */
    public static final String INJECT_LABEL = "perimeter.dev/inject";

    private static final int DEFAULT_PORT = 8080;
    private static final int FIRST_NUMBER = 4;
    private static final String DATABASE_IMAGE = "database";

    public String namespace() {
        return deployment.meta().namespace();
    }

    /** Whether a proxy stands beside it. */
    public boolean sidecar() {
        return "true".equals(deployment.labels().get(INJECT_LABEL));
    }

    /** The address others know it by. */
    public String ip() {
        return site.podIp(number);
    }

    /** The address its application listens on. */
    public String appAddress() {
        return sidecar() ? site.appAddress(number) : ip();
    }

    /** The port its application is probed on and known by: the container's first. */
    public int mainPort() {
        List<Deployment.Port> ports = deployment.container().ports();
        return ports.isEmpty() ? DEFAULT_PORT : ports.getFirst().port();
    }

    /** Whether it is the shop's database, which this machine has a server of its own for. */
    public boolean database() {
        return program(deployment).equals(DATABASE_IMAGE);
    }

    /** The image {@code perimeter/payment:dev} is the program payment. */
    static String program(Deployment deployment) {
        return deployment.container().image().replaceFirst("^.*/", "").replaceFirst("[:@].*$", "");
    }

    /** The name of the process that is its proxy. */
    public String proxyName() {
        return name + "-proxy";
    }

    /**
     * Every pod there shall be.
     *
     * @param numbers those given before; a pod keeps its number
     */
    static List<Pod> all(MeshConfig config, Site site, Map<String, Integer> numbers) {
        Map<String, Integer> given = new HashMap<>(numbers);
        Set<Integer> taken = new HashSet<>(numbers.values());
        List<Pod> pods = new ArrayList<>();
        for (Deployment deployment : config.all(Deployment.class)) {
            if (program(deployment).equals(DATABASE_IMAGE)) {
                // One server, whatever is asked for: several could not share its files.
                if (deployment.replicas() > 0) {
                    pods.add(new Pod(Database.NAME, deployment, Plan.DATABASE_NUMBER, site));
                }
                continue;
            }
            for (int i = 0; i < deployment.replicas(); i++) {
                String name = deployment.meta().name() + "-" + i;
                int number = given.computeIfAbsent(name, pod -> lowestFree(taken));
                pods.add(new Pod(name, deployment, number, site));
            }
        }
        return pods;
    }

    private static int lowestFree(Set<Integer> taken) {
        int number = FIRST_NUMBER;
        while (!taken.add(number)) {
            number++;
        }
        return number;
    }
}
