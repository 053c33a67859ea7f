package dev.perimeter.proxy.mirror;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.upstream.BodyTap;
import dev.perimeter.proxy.upstream.Upstreams;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one request. They begin with it and follow its body; their answers go nowhere, and nothing that becomes
 * of them is seen by the client: not their time, not their failure, not the bytes they hold.
 */
public final class Mirrors implements BodyTap {

    /** What of a body may wait for one copy; one that is further behind is given up. */
    static final int MOST_WAITING_BYTES = 64 * 1024;

    private static final String SUFFIX = "-shadow";

    private final List<Mirror> copies;
    private boolean ended;

    private Mirrors(List<Mirror> copies, boolean ended) {
        this.copies = copies;
        this.ended = ended;
    }

    /**
     * Begins the copies that the policies ask for.
     *
     * @param head as it goes to the upstream
     * @param clusters finds a cluster by name, or null
     * @param timeout of a copy, zero for that of Envoy's routes
     * @return null when there is none
     */
    public static @Nullable Mirrors begin(
            List<MirrorPolicy> policies,
            RequestHead head,
            boolean endOfStream,
            Function<String, @Nullable Cluster> clusters,
            Upstreams upstreams,
            Journal original,
            Duration timeout,
            RandomGenerator random) {
        List<Mirror> begun = new ArrayList<>(policies.size());
        for (MirrorPolicy policy : policies) {
            String name = policy.fromHeader() ? head.headers().get(policy.cluster()) : policy.cluster();
            Cluster cluster = name == null ? null : clusters.apply(name);
            if (cluster != null && policy.takes(random)) {
                cluster.metrics().on(upstreams.loopNumber()).increment(ClusterMetric.REQUESTS_MIRRORED);
                begun.add(new Mirror(
                        upstreams,
                        cluster,
                        policy.markHost() ? marked(head) : head.copy(),
                        endOfStream,
                        original.forCopy(),
                        timeout));
            }
        }
        begun.forEach(Mirror::start);
        return begun.isEmpty() ? null : new Mirrors(begun, endOfStream);
    }

    /** Envoy puts the mark before the port. */
    private static RequestHead marked(RequestHead head) {
        RequestHead copy = head.copy();
        String authority = head.authority();
        int colon = authority.lastIndexOf(':');
        boolean port = colon > authority.lastIndexOf(']');
        copy.authority(port ? authority.substring(0, colon) + SUFFIX + authority.substring(colon) : authority + SUFFIX);
        return copy;
    }

    @Override
    public void data(ByteBuf data, boolean endOfStream) {
        ended |= endOfStream;
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).data(data.retainedDuplicate(), endOfStream);
        }
    }

    @Override
    public void trailers(Headers trailers) {
        ended = true;
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).trailers(trailers);
        }
    }

    /** A copy that is whole goes on by itself; of the others the rest will not come. */
    @Override
    public void over() {
        if (!ended) {
            copies.forEach(Mirror::drop);
        }
    }
}
