package dev.perimeter.proxy.xds.resource.http.connection;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.observe.AccessLog;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Access logs: lines of text or JSON on standard output, the one place there is. */
public final class AccessLogReader {

    public static final FieldList FIELDS = FieldList.of(
                    io.envoyproxy.envoy.config.accesslog.v3.AccessLog::getDescriptor)
            .honoured(
                    io.envoyproxy.envoy.config.accesslog.v3.AccessLog.NAME_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.accesslog.v3.AccessLog.TYPED_CONFIG_FIELD_NUMBER)
            .inside(
                    io.envoyproxy.envoy.config.accesslog.v3.AccessLog.FILTER_FIELD_NUMBER,
                    AccessLogFilterReader.FIELDS);

    @SuppressWarnings("deprecation") // the older way to write a text
    private static final FieldList FORMAT = FieldList.of(SubstitutionFormatString::getDescriptor)
            .honoured(
                    SubstitutionFormatString.JSON_FORMAT_FIELD_NUMBER,
                    SubstitutionFormatString.TEXT_FORMAT_FIELD_NUMBER)
            .inside(
                    SubstitutionFormatString.TEXT_FORMAT_SOURCE_FIELD_NUMBER,
                    FieldList.of(DataSource::getDescriptor).honoured(DataSource.INLINE_STRING_FIELD_NUMBER));

    @SuppressWarnings("deprecation") // formats that stand in the log itself
    public static final FieldList FILE = FieldList.of(FileAccessLog::getDescriptor)
            .honoured(
                    FileAccessLog.PATH_FIELD_NUMBER,
                    FileAccessLog.FORMAT_FIELD_NUMBER,
                    FileAccessLog.JSON_FORMAT_FIELD_NUMBER,
                    FileAccessLog.TYPED_JSON_FORMAT_FIELD_NUMBER)
            .inside(FileAccessLog.LOG_FORMAT_FIELD_NUMBER, FORMAT);

    public static final String FILE_TYPE = "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog";

    private static final String NOWHERE = "/dev/null";

    public static final FieldList STDOUT =
            FieldList.of(StdoutAccessLog::getDescriptor).inside(StdoutAccessLog.LOG_FORMAT_FIELD_NUMBER, FORMAT);

    public static final String STDOUT_TYPE =
            "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog";

    private AccessLogReader() {}

    public static List<AccessLog> read(List<io.envoyproxy.envoy.config.accesslog.v3.AccessLog> logs, Place parent) {
        List<AccessLog> read = new ArrayList<>(logs.size());
        for (int i = 0; i < logs.size(); i++) {
            AccessLog log = one(logs.get(i), parent.in("access_log", i));
            if (log != null) {
                read.add(log);
            }
        }
        return List.copyOf(read);
    }

    private static @Nullable AccessLog one(io.envoyproxy.envoy.config.accesslog.v3.AccessLog log, Place place) {
        AccessLog all = unfiltered(log, place.in("typed_config"));
        return all == null || !log.hasFilter()
                ? all
                : all.only(AccessLogFilterReader.read(log.getFilter(), place.in("filter")));
    }

    private static @Nullable AccessLog unfiltered(io.envoyproxy.envoy.config.accesslog.v3.AccessLog log, Place place) {
        String type = log.getTypedConfig().getTypeUrl();
        if (type.equals(FILE_TYPE)) {
            FileAccessLog file = Messages.read(log.getTypedConfig(), FileAccessLog.parser(), FILE, place);
            return file == null ? null : file(file, place);
        }
        if (!type.equals(STDOUT_TYPE)) {
            place.refuse("`" + type + "` is not supported yet, only " + STDOUT_TYPE + " and " + FILE_TYPE + " are");
            return null;
        }
        StdoutAccessLog stdout = Messages.read(log.getTypedConfig(), StdoutAccessLog.parser(), STDOUT, place);
        return stdout == null ? null : format(stdout.getLogFormat(), place.in("log_format"));
    }

    @SuppressWarnings("deprecation") // see FILE
    private static @Nullable AccessLog file(FileAccessLog file, Place place) {
        if (file.getPath().equals(NOWHERE)) {
            return null;
        }
        if (!file.getPath().equals("/dev/stdout")) {
            place.in("path")
                    .refuse("`" + file.getPath() + "` must be /dev/stdout or " + NOWHERE
                            + "; whoever starts the proxy keeps and turns its files");
        }
        return switch (file.getAccessLogFormatCase()) {
            case FORMAT -> text(file.getFormat(), place.in("format"));
            case JSON_FORMAT -> json(file.getJsonFormat(), place.in("json_format"));
            case TYPED_JSON_FORMAT -> json(file.getTypedJsonFormat(), place.in("typed_json_format"));
            case LOG_FORMAT -> format(file.getLogFormat(), place.in("log_format"));
            case ACCESSLOGFORMAT_NOT_SET -> text("", place);
        };
    }

    @SuppressWarnings("deprecation") // see FORMAT
    private static @Nullable AccessLog format(SubstitutionFormatString format, Place place) {
        return switch (format.getFormatCase()) {
            case JSON_FORMAT -> json(format.getJsonFormat(), place.in("json_format"));
            case TEXT_FORMAT -> text(format.getTextFormat(), place.in("text_format"));
            case TEXT_FORMAT_SOURCE ->
                text(
                        format.getTextFormatSource().getInlineString(),
                        place.in("text_format_source").in("inline_string"));
            case FORMAT_NOT_SET -> text("", place);
        };
    }

    private static @Nullable AccessLog text(String format, Place place) {
        return value(AccessLog.textOnStandardOutput(format), place);
    }

    private static @Nullable AccessLog json(Struct format, Place place) {
        return value(AccessLog.jsonOnStandardOutput(fields(format, place)), place);
    }

    private static @Nullable AccessLog value(Parsed<AccessLog> parsed, Place place) {
        return switch (parsed) {
            case Parsed.Ok<AccessLog>(AccessLog value) -> value;
            case Parsed.Bad<AccessLog>(String path, String reason) -> {
                place.refuse(path, reason);
                yield null;
            }
        };
    }

    /** A struct has no order on the wire; sorted, the lines of all proxies look alike. */
    private static Map<String, Object> fields(Struct format, Place place) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Map.Entry<String, Value> field : new TreeMap<>(format.getFieldsMap()).entrySet()) {
            Value value = field.getValue();
            switch (value.getKindCase()) {
                case STRING_VALUE -> fields.put(field.getKey(), value.getStringValue());
                case NUMBER_VALUE -> fields.put(field.getKey(), value.getNumberValue());
                case BOOL_VALUE -> fields.put(field.getKey(), value.getBoolValue());
                default -> place.in(field.getKey()).refuse("must be a text, a number, true or false");
            }
        }
        return fields;
    }
}
