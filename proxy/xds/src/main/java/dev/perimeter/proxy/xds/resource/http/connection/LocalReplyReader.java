package dev.perimeter.proxy.xds.resource.http.connection;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat.Body;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat.Mapper;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.HeaderEdits;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How replies the proxy makes itself look. A mapper is read if it chooses by status, and does no more than give the reply
 * another body and one more header, whose value is the failure's reason.
 */
public final class LocalReplyReader {

    private static final int HIGHEST_STATUS = 999;
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

    private static final FieldList TEXT =
            FieldList.of(DataSource::getDescriptor).honoured(DataSource.INLINE_STRING_FIELD_NUMBER);

    @SuppressWarnings("deprecation") // text_format is what older control planes still say
    private static final FieldList FORMAT = FieldList.of(SubstitutionFormatString::getDescriptor)
            .honoured(
                    SubstitutionFormatString.TEXT_FORMAT_FIELD_NUMBER,
                    SubstitutionFormatString.JSON_FORMAT_FIELD_NUMBER,
                    SubstitutionFormatString.CONTENT_TYPE_FIELD_NUMBER)
            .inside(SubstitutionFormatString.TEXT_FORMAT_SOURCE_FIELD_NUMBER, TEXT);

    private static final FieldList MAPPER = FieldList.of(ResponseMapper::getDescriptor)
            .inside(ResponseMapper.FILTER_FIELD_NUMBER, FILTER)
            .inside(ResponseMapper.HEADERS_TO_ADD_FIELD_NUMBER, HeaderEdits.FIELDS)
            .inside(ResponseMapper.BODY_FORMAT_OVERRIDE_FIELD_NUMBER, FORMAT);

    public static final FieldList FIELDS = FieldList.of(LocalReplyConfig::getDescriptor)
            .inside(LocalReplyConfig.BODY_FORMAT_FIELD_NUMBER, FORMAT)
            .inside(LocalReplyConfig.MAPPERS_FIELD_NUMBER, MAPPER);

    private LocalReplyReader() {}

    public static LocalReplyFormat read(LocalReplyConfig config, Place place) {
        List<Mapper> mappers = new ArrayList<>();
        for (int i = 0; i < config.getMappersCount(); i++) {
            mappers.add(mapper(config.getMappers(i), place.in("mappers", i)));
        }
        return new LocalReplyFormat(
                mappers,
                config.hasBodyFormat()
                        ? format(config.getBodyFormat(), place.in("body_format"))
                        : LocalReplyFormat.PLAIN.body());
    }

    private static Mapper mapper(ResponseMapper mapper, Place place) {
        ComparisonFilter test = mapper.getFilter().getStatusCodeFilter().getComparison();
        // Unsigned in the message; no status is higher than this, so nothing is lost.
        int status = (int) Math.min(Integer.toUnsignedLong(test.getValue().getDefaultValue()), HIGHEST_STATUS);
        if (!mapper.getFilter().hasStatusCodeFilter()) {
            place.in("filter").refuse("must be a status_code_filter");
        }
        Body body = mapper.hasBodyFormatOverride()
                ? format(mapper.getBodyFormatOverride(), place.in("body_format_override"))
                : null;
        String header = reasonHeader(mapper, place);
        return switch (test.getOp()) {
            case EQ -> new Mapper(status, status, body, header);
            case GE -> new Mapper(status, HIGHEST_STATUS, body, header);
            case LE -> new Mapper(0, status, body, header);
            case UNRECOGNIZED -> {
                place.in("filter").refuse("must compare by EQ, GE or LE");
                yield new Mapper(0, 0, null, null);
            }
        };
    }

    private static Body format(SubstitutionFormatString format, Place place) {
        String type = format.getContentType();
        if (type.isEmpty()) {
            type = format.hasJsonFormat()
                    ? "application/json"
                    : LocalReplyFormat.PLAIN.body().contentType();
        }
        return new Body(type, body(format, place));
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

    private static @Nullable String reasonHeader(ResponseMapper mapper, Place place) {
        if (mapper.getHeadersToAddCount() == 0) {
            return null;
        }
        if (mapper.getHeadersToAddCount() > 1) {
            place.in("headers_to_add", 1).refuse("more than one header is not supported yet");
        }
        HeaderValueOption header = mapper.getHeadersToAdd(0);
        if (!header.getHeader().getValue().equals(REASON)) {
            place.in("headers_to_add", 0).in("header").in("value").refuse("must be " + REASON);
        }
        return header.getHeader().getKey();
    }
}
