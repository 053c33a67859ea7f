package dev.perimeter.proxy.xds;

import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.balance.Candidates;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.tls.TlsLibrary;
import dev.perimeter.proxy.xds.resource.ResourceReader;
import java.nio.ByteBuffer;
import java.util.List;

/** The filters and balancers of a process that has hardly any. */
public final class TestCatalogue {

    private static final HttpFilter NOTHING = new HttpFilter() {};

    private TestCatalogue() {}

    public static ResourceReader reader() {
        return reader(TlsLibrary.best());
    }

    public static ResourceReader reader(TlsLibrary tls) {
        return new ResourceReader(
                List.of(
                        kind("type.googleapis.com/envoy.extensions.filters.http.router.v3.Router", null),
                        kind("type.googleapis.com/google.protobuf.Empty", null),
                        kind(
                                "type.googleapis.com/google.protobuf.StringValue",
                                new Parsed.Bad<>("max_age", "-5 must not be negative"))),
                List.of(roundRobin()),
                tls);
    }

    private static FilterKind kind(String typeUrl, Parsed.Bad<FilterFactory> bad) {
        return new FilterKind() {
            @Override
            public String typeUrl() {
                return typeUrl;
            }

            @Override
            public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
                return bad == null ? new Parsed.Ok<>(() -> NOTHING) : bad;
            }
        };
    }

    private static BalancerKind roundRobin() {
        return new BalancerKind() {
            @Override
            public String name() {
                return "ROUND_ROBIN";
            }

            @Override
            public Policy prepare(Candidates candidates) {
                return (random, clock) -> (wanted, tier) -> null;
            }
        };
    }
}
