package dev.perimeter.proxy.filters;

import dev.perimeter.proxy.filter.FilterKind;
import java.util.List;

/** The filters every proxy has. A new one is one file and one line here. */
public final class BuiltInFilters {

    private BuiltInFilters() {}

    public static List<FilterKind> all() {
        return List.of(
                new BufferFilter(), // waits for the whole request
                new CdnLoopFilter(), // stops requests that go in circles
                new CompressorFilter(), // packs responses, and requests
                new CorsFilter(), // tells browsers who may read what is here
                new DecompressorFilter(), // unpacks requests and responses
                new FaultFilter(), // delays and errors on purpose
                new GrpcWebFilter(), // gRPC for browsers
                new HeaderMutationFilter(), // sets, appends and removes headers
                new HealthCheckFilter(), // answers health checks in the upstream's place
                new LocalRateLimitFilter(), // only so many requests in a while
                new StatefulSessionFilter(), // keeps a client on one endpoint
                new RouterFilter()); // sends the request to the cluster of its route
    }
}
