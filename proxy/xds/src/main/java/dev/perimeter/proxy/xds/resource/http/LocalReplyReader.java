package dev.perimeter.proxy.xds.resource.http;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How replies the proxy makes itself look. Of mappers one form is read: all replies get one more header, whose value is
 * the failure's reason.
 */
final class LocalReplyReader {

    private static final LocalReplyFormat DEFAULT = new LocalReplyFormat("text/plain", "", null);
    private static final String REASON = "%RESPONSE_CODE_DETAILS%";

    private static final FieldList RUNTIME = FieldList.of(RuntimeUInt32::getDescriptor)
            .honoured(RuntimeUInt32.DEFAULT_VALUE_FIELD_NUMBER)
            .harmless(RuntimeUInt32.RUNTIME_KEY_FIELD_NUMBER);

    private static final FieldList COMPARISON = FieldList.of(ComparisonFilter::getDescriptor)
            .honoured(ComparisonFilter.OP_FIELD_NUMBER)
            .inside(ComparisonFilter.VALUE_FIELD_NUMBER, RUNTIME);

    private static final FieldList FILTER = FieldList.of(AccessLogFilter::getDescriptor)
            .inside(
                    AccessLogFilter.STATUS_CODE_FILTER_FIELD_NUMBER,
                    FieldList.of(StatusCodeFilter::getDescriptor)
                            .inside(StatusCodeFilter.COMPARISON_FIELD_NUMBER, COMPARISON));

    private static final FieldList MAPPER = FieldList.of(ResponseMapper::getDescriptor)
            .inside(ResponseMapper.FILTER_FIELD_NUMBER, FILTER)
            .inside(ResponseMapper.HEADERS_TO_ADD_FIELD_NUMBER, HeaderEdits.FIELDS);

    private static final FieldList TEXT =
            FieldList.of(DataSource::getDescriptor).honoured(DataSource.INLINE_STRING_FIELD_NUMBER);

    @SuppressWarnings("deprecation") // text_format is what older control planes still say
    private static final FieldList FORMAT = FieldList.of(SubstitutionFormatString::getDescriptor)
            .honoured(
                    SubstitutionFormatString.TEXT_FORMAT_FIELD_NUMBER,
                    SubstitutionFormatString.JSON_FORMAT_FIELD_NUMBER,
                    SubstitutionFormatString.CONTENT_TYPE_FIELD_NUMBER)
            .inside(SubstitutionFormatString.TEXT_FORMAT_SOURCE_FIELD_NUMBER, TEXT);

    static final FieldList FIELDS = FieldList.of(LocalReplyConfig::getDescriptor)
            .inside(LocalReplyConfig.BODY_FORMAT_FIELD_NUMBER, FORMAT)
            .inside(LocalReplyConfig.MAPPERS_FIELD_NUMBER, MAPPER);

    private LocalReplyReader() {}

    static LocalReplyFormat read(LocalReplyConfig config, Place place) {
        String header = reasonHeader(config, place);
        if (!config.hasBodyFormat()) {
            return new LocalReplyFormat(DEFAULT.contentType(), DEFAULT.body(), header);
        }
        SubstitutionFormatString format = config.getBodyFormat();
        String type = format.getContentType();
        if (type.isEmpty()) {
            type = format.hasJsonFormat() ? "application/json" : DEFAULT.contentType();
        }
        return new LocalReplyFormat(type, body(format, place.in("body_format")), header);
    }

    @SuppressWarnings("deprecation")
    private static String body(SubstitutionFormatString format, Place place) {
        return switch (format.getFormatCase()) {
            case TEXT_FORMAT -> format.getTextFormat();
            case TEXT_FORMAT_SOURCE -> format.getTextFormatSource().getInlineString();
            case JSON_FORMAT -> json(format.getJsonFormat());
            case FORMAT_NOT_SET -> {
                place.refuse("needs text_format_source or json_format");
                yield "";
            }
        };
    }

    /** A template of the object: an operator that gives a number stands without quotes. */
    private static String json(Struct struct) {
        return new TreeMap<>(struct.getFieldsMap())
                .entrySet().stream()
                        .map(field -> quoted(field.getKey()) + ":" + json(field.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static String json(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE ->
                value.getStringValue().equals("%RESPONSE_CODE%")
                        ? value.getStringValue()
                        : quoted(value.getStringValue());
            case NUMBER_VALUE -> numeral(value.getNumberValue());
            case BOOL_VALUE -> String.valueOf(value.getBoolValue());
            case STRUCT_VALUE -> json(value.getStructValue());
            case LIST_VALUE ->
                value.getListValue().getValuesList().stream()
                        .map(LocalReplyReader::json)
                        .collect(Collectors.joining(",", "[", "]"));
            case NULL_VALUE, KIND_NOT_SET -> "null";
        };
    }

    private static String numeral(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15 ? String.valueOf((long) number) : "" + number;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static @Nullable String reasonHeader(LocalReplyConfig config, Place place) {
        if (config.getMappersCount() == 0) {
            return null;
        }
        if (config.getMappersCount() > 1) {
            place.in("mappers", 1).refuse("more than one mapper is not supported yet");
        }
        ResponseMapper mapper = config.getMappers(0);
        Place here = place.in("mappers", 0);
        ComparisonFilter comparison = mapper.getFilter().getStatusCodeFilter().getComparison();
        if (comparison.getOpValue() != ComparisonFilter.Op.GE_VALUE
                || Integer.toUnsignedLong(comparison.getValue().getDefaultValue()) > 400) {
            here.in("filter").refuse("must take all local replies: a status_code_filter with GE 400 or less");
        }
        if (mapper.getHeadersToAddCount() != 1) {
            here.in("headers_to_add").refuse("must be exactly one header");
            return null;
        }
        HeaderValueOption header = mapper.getHeadersToAdd(0);
        if (!header.getHeader().getValue().equals(REASON)) {
            here.in("headers_to_add", 0).in("header").in("value").refuse("must be " + REASON);
        }
        return header.getHeader().getKey();
    }
}
