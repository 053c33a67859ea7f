package dev.perimeter.proxy.benchmarks;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterSetup;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filter.chain.ChainEnd;
import dev.perimeter.proxy.filter.chain.FilterChain;
import dev.perimeter.proxy.filter.chain.FilterPlan;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.metric.Metrics;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import io.netty.buffer.ByteBuf;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What a chain costs before its filters do anything: made, passed by a request and its answer, and let go. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilterChainBench {

    @Param({"1", "4", "8"})
    private int filters = 1;

    /** Filters that look at a request and have nothing to say ask nothing of the exchange. */
    private final Exchange exchange = (Exchange) Proxy.newProxyInstance(
            Exchange.class.getClassLoader(), new Class<?>[] {Exchange.class}, (self, method, arguments) -> null);

    private final RequestHead request =
            new RequestHead("GET", "http", "shop.example", "/orders", "HTTP/1.1", new Headers());
    private final ResponseHead response = new ResponseHead(200, "OK", new Headers());
    private @Nullable FilterPlan plan;

    @Setup
    public void build() {
        List<NamedFilter> chain = new ArrayList<>();
        for (int i = 1; i < filters; i++) {
            chain.add(new NamedFilter("filter" + i, () -> new HttpFilter() {}));
        }
        chain.add(new NamedFilter("router", Router::new));
        plan = FilterPlan.of(chain, Map.of(), new FilterSetup("bench", new Metrics(1)));
    }

    private static final class Router implements HttpFilter {
        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            return Verdict.FORWARD;
        }
    }

    private record End<H>(Blackhole hole) implements ChainEnd<H> {

        @Override
        public void head(H head, boolean endOfStream) {
            hole.consume(head);
        }

        @Override
        public void data(ByteBuf data, boolean endOfStream) {
            data.release();
        }

        @Override
        public void trailers(Headers trailers) {}

        @Override
        public void failed(Failure failure) {}

        @Override
        public void answered(ResponseHead answer, String details) {}

        @Override
        public void waiting(boolean waits) {}

        @Override
        public void wantsContent() {}
    }

    @Benchmark
    public void throughAndBack(Blackhole hole) {
        if (plan != null) {
            FilterChain chain = new FilterChain(plan, exchange, new End<>(hole), new End<>(hole));
            chain.requestHead(request, true);
            chain.responseHead(response, true);
            chain.complete();
        }
    }
}
