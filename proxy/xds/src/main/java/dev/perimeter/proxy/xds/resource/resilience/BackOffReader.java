package dev.perimeter.proxy.xds.resource.resilience;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.retry.BackOff;
import dev.perimeter.proxy.retry.RateLimitedBackOff;
import dev.perimeter.proxy.retry.RateLimitedBackOff.ResetHeader;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RateLimitedRetryBackOff;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.ResetHeaderFormat;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryBackOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long a retry waits. */
final class BackOffReader {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final int MAX_BY_BASE = 10;

    /** Envoy's default. */
    private static final Duration LONGEST_WISH = Duration.ofMinutes(5);

    static final FieldList EXPONENTIAL = FieldList.of(RetryBackOff::getDescriptor)
            .honoured(RetryBackOff.BASE_INTERVAL_FIELD_NUMBER, RetryBackOff.MAX_INTERVAL_FIELD_NUMBER);

    static final FieldList RATE_LIMITED = FieldList.of(RateLimitedRetryBackOff::getDescriptor)
            .honoured(RateLimitedRetryBackOff.MAX_INTERVAL_FIELD_NUMBER)
            .inside(
                    RateLimitedRetryBackOff.RESET_HEADERS_FIELD_NUMBER,
                    FieldList.of(RetryPolicy.ResetHeader::getDescriptor)
                            .honoured(
                                    RetryPolicy.ResetHeader.NAME_FIELD_NUMBER,
                                    RetryPolicy.ResetHeader.FORMAT_FIELD_NUMBER));

    private BackOffReader() {}

    static BackOff exponential(RetryPolicy policy, Place place) {
        if (!policy.hasRetryBackOff()) {
            return BackOff.DEFAULT;
        }
        RetryBackOff given = policy.getRetryBackOff();
        Duration base = atLeast(Amounts.positive(given.getBaseInterval(), place.in("base_interval")));
        if (!given.hasMaxInterval()) {
            return new BackOff(base, base.multipliedBy(MAX_BY_BASE));
        }
        Duration max = atLeast(Amounts.positive(given.getMaxInterval(), place.in("max_interval")));
        if (max.compareTo(base) < 0) {
            place.in("max_interval").refuse("must not be less than base_interval");
        }
        return new BackOff(base, max);
    }

    /** As in Envoy, which counts in milliseconds. */
    private static Duration atLeast(Duration given) {
        return given.compareTo(SHORTEST) < 0 ? SHORTEST : given;
    }

    static RateLimitedBackOff rateLimited(RateLimitedRetryBackOff given, Place place) {
        if (given.getResetHeadersCount() == 0) {
            place.in("reset_headers").refuse("must not be empty");
        }
        List<ResetHeader> headers = new ArrayList<>();
        for (int i = 0; i < given.getResetHeadersCount(); i++) {
            RetryPolicy.ResetHeader header = given.getResetHeaders(i);
            Place here = place.in("reset_headers", i);
            if (header.getFormat() == ResetHeaderFormat.UNRECOGNIZED) {
                here.in("format").refuse(header.getFormatValue() + " is neither SECONDS nor UNIX_TIMESTAMP");
            }
            headers.add(new ResetHeader(
                    Names.required(header.getName(), here.in("name")),
                    header.getFormat() == ResetHeaderFormat.UNIX_TIMESTAMP));
        }
        return new RateLimitedBackOff(
                List.copyOf(headers),
                given.hasMaxInterval()
                        ? Amounts.positive(given.getMaxInterval(), place.in("max_interval"))
                        : LONGEST_WISH);
    }
}
