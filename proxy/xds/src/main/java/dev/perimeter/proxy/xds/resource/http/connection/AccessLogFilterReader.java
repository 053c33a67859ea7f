package dev.perimeter.proxy.xds.resource.http.connection;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.select.ValueConditions;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.ValueMatchReader;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.AndFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.DurationFilter;
import io.envoyproxy.envoy.config.accesslog.v3.HeaderFilter;
import io.envoyproxy.envoy.config.accesslog.v3.OrFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ResponseFlagFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/** Which requests an access log has a line for. */
final class AccessLogFilterReader {

    private static final FieldList COMPARISON = FieldList.of(ComparisonFilter::getDescriptor)
            .honoured(ComparisonFilter.OP_FIELD_NUMBER)
            .inside(
                    ComparisonFilter.VALUE_FIELD_NUMBER,
                    FieldList.of(RuntimeUInt32::getDescriptor)
                            .honoured(RuntimeUInt32.DEFAULT_VALUE_FIELD_NUMBER)
                            // There is no runtime that could overrule the default.
                            .harmless(RuntimeUInt32.RUNTIME_KEY_FIELD_NUMBER));

    private static final FieldList FLAT = plain(FieldList.of(AccessLogFilter::getDescriptor));

    private static final FieldList NESTED = combining(plain(FieldList.of(AccessLogFilter::getDescriptor)), FLAT);

    /** Filters in filters are read two deep, which says all there is to say: an or of ands. */
    static final FieldList FIELDS = combining(plain(FieldList.of(AccessLogFilter::getDescriptor)), NESTED);

    private AccessLogFilterReader() {}

    private static FieldList plain(FieldList fields) {
        return fields.inside(
                        AccessLogFilter.STATUS_CODE_FILTER_FIELD_NUMBER,
                        FieldList.of(StatusCodeFilter::getDescriptor)
                                .inside(StatusCodeFilter.COMPARISON_FIELD_NUMBER, COMPARISON))
                .inside(
                        AccessLogFilter.DURATION_FILTER_FIELD_NUMBER,
                        FieldList.of(DurationFilter::getDescriptor)
                                .inside(DurationFilter.COMPARISON_FIELD_NUMBER, COMPARISON))
                .inside(
                        AccessLogFilter.HEADER_FILTER_FIELD_NUMBER,
                        FieldList.of(HeaderFilter::getDescriptor)
                                .inside(HeaderFilter.HEADER_FIELD_NUMBER, ValueMatchReader.HEADER))
                .inside(
                        AccessLogFilter.RESPONSE_FLAG_FILTER_FIELD_NUMBER,
                        FieldList.of(ResponseFlagFilter::getDescriptor)
                                .honoured(ResponseFlagFilter.FLAGS_FIELD_NUMBER));
    }

    private static FieldList combining(FieldList fields, FieldList inner) {
        return fields.inside(
                        AccessLogFilter.AND_FILTER_FIELD_NUMBER,
                        FieldList.of(AndFilter::getDescriptor).inside(AndFilter.FILTERS_FIELD_NUMBER, inner))
                .inside(
                        AccessLogFilter.OR_FILTER_FIELD_NUMBER,
                        FieldList.of(OrFilter::getDescriptor).inside(OrFilter.FILTERS_FIELD_NUMBER, inner));
    }

    static Predicate<Journal> read(AccessLogFilter filter, Place place) {
        return switch (filter.getFilterSpecifierCase()) {
            case STATUS_CODE_FILTER -> {
                LongPredicate status =
                        comparison(filter.getStatusCodeFilter().getComparison(), place.in("status_code_filter"));
                yield journal -> status.test(journal.status());
            }
            case DURATION_FILTER -> {
                LongPredicate millis =
                        comparison(filter.getDurationFilter().getComparison(), place.in("duration_filter"));
                yield journal -> millis.test(journal.durationNanos() / 1_000_000);
            }
            case HEADER_FILTER -> {
                List<ValueMatch> match = List.of(ValueMatchReader.header(
                        filter.getHeaderFilter().getHeader(),
                        place.in("header_filter").in("header")));
                yield journal -> {
                    RequestHead head = journal.request();
                    return head != null && ValueConditions.all(match, head);
                };
            }
            case RESPONSE_FLAG_FILTER -> {
                int flags = flags(filter.getResponseFlagFilter().getFlagsList(), place.in("response_flag_filter"));
                yield journal -> (journal.flags() & flags) != 0;
            }
            case AND_FILTER -> {
                List<Predicate<Journal>> all = all(filter.getAndFilter().getFiltersList(), place.in("and_filter"));
                yield journal -> all.stream().allMatch(each -> each.test(journal));
            }
            case OR_FILTER -> {
                List<Predicate<Journal>> any = all(filter.getOrFilter().getFiltersList(), place.in("or_filter"));
                yield journal -> any.stream().anyMatch(each -> each.test(journal));
            }
            default -> {
                place.refuse("needs one filter");
                yield journal -> true;
            }
        };
    }

    private static List<Predicate<Journal>> all(List<AccessLogFilter> filters, Place place) {
        if (filters.size() < 2) {
            place.in("filters").refuse("must be two or more");
        }
        List<Predicate<Journal>> read = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            read.add(read(filters.get(i), place.in("filters", i)));
        }
        return List.copyOf(read);
    }

    private static LongPredicate comparison(ComparisonFilter filter, Place place) {
        long value = Integer.toUnsignedLong(filter.getValue().getDefaultValue());
        return switch (filter.getOp()) {
            case EQ -> number -> number == value;
            case GE -> number -> number >= value;
            case LE -> number -> number <= value;
            case UNRECOGNIZED -> {
                place.in("comparison").in("op").refuse("must be EQ, GE or LE");
                yield number -> true;
            }
        };
    }

    /** The bits of flags by their short names; none named is any. */
    private static int flags(List<String> names, Place place) {
        int bits = 0;
        for (int i = 0; i < names.size(); i++) {
            int bit = 0;
            for (ResponseFlag flag : ResponseFlag.values()) {
                bit |= flag.code().equals(names.get(i)) ? flag.bit() : 0;
            }
            if (bit == 0) {
                place.in("flags", i).refuse("`" + names.get(i) + "` is never set here");
            }
            bits |= bit;
        }
        return names.isEmpty() ? -1 : bits;
    }
}
