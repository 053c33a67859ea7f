package dev.perimeter.proxy.xds.resource.http.connection;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat.Body;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat.Mapper;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.DirectBodyReader;
import dev.perimeter.proxy.xds.resource.http.HeaderEdits;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How replies the proxy makes itself look: the first mapper whose filter holds changes status, text, form and headers. */
public final class LocalReplyReader {

    /** A reply of a file is held in memory, and goes out again and again. */
    private static final int MOST = 1 << 20;

    private static final String REASON = "%RESPONSE_CODE_DETAILS%";

    @SuppressWarnings("deprecation") // text_format is what older control planes still say
    private static final FieldList FORMAT = FieldList.of(SubstitutionFormatString::getDescriptor)
            .honoured(
                    SubstitutionFormatString.TEXT_FORMAT_FIELD_NUMBER,
                    SubstitutionFormatString.JSON_FORMAT_FIELD_NUMBER,
                    SubstitutionFormatString.CONTENT_TYPE_FIELD_NUMBER)
            .inside(SubstitutionFormatString.TEXT_FORMAT_SOURCE_FIELD_NUMBER, DirectBodyReader.FIELDS);

    private static final FieldList MAPPER = FieldList.of(ResponseMapper::getDescriptor)
            .honoured(ResponseMapper.STATUS_CODE_FIELD_NUMBER)
            .inside(ResponseMapper.FILTER_FIELD_NUMBER, AccessLogFilterReader.FIELDS)
            .inside(ResponseMapper.BODY_FIELD_NUMBER, DirectBodyReader.FIELDS)
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
        if (knowsTheEnd(mapper.getFilter())) {
            place.in("filter").refuse("must not ask how long it took, which is not known before the reply has gone");
        }
        String header = reasonHeader(mapper);
        return new Mapper(
                AccessLogFilterReader.read(mapper.getFilter(), place.in("filter")),
                mapper.hasStatusCode() ? Amounts.between(200, 599, mapper.getStatusCode(), place.in("status_code")) : 0,
                mapper.hasBody() ? DirectBodyReader.read(mapper.getBody(), MOST, place.in("body")) : null,
                mapper.hasBodyFormatOverride()
                        ? format(mapper.getBodyFormatOverride(), place.in("body_format_override"))
                        : null,
                header == null ? HeaderEdits.added(mapper.getHeadersToAddList(), place, "headers_to_add") : List.of(),
                header);
    }

    private static boolean knowsTheEnd(AccessLogFilter filter) {
        return filter.hasDurationFilter()
                || filter.getAndFilter().getFiltersList().stream().anyMatch(LocalReplyReader::knowsTheEnd)
                || filter.getOrFilter().getFiltersList().stream().anyMatch(LocalReplyReader::knowsTheEnd);
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
            case TEXT_FORMAT_SOURCE ->
                DirectBodyReader.read(format.getTextFormatSource(), MOST, place.in("text_format_source"));
            case JSON_FORMAT -> json(format.getJsonFormat()) + "\n";
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

    /** One header with the reason alone has the whole sentence, which is what whoever runs the proxies asks for. */
    private static @Nullable String reasonHeader(ResponseMapper mapper) {
        if (mapper.getHeadersToAddCount() != 1) {
            return null;
        }
        HeaderValueOption header = mapper.getHeadersToAdd(0);
        return header.getHeader().getValue().equals(REASON) ? header.getHeader().getKey() : null;
    }
}
