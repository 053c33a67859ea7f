package dev.perimeter.proxy.xds.resource.http.connection;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.observe.AccessLog;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Access logs: JSON lines on standard output, the one form there is. */
public final class AccessLogReader {

    public static final FieldList FIELDS = FieldList.of(
                    io.envoyproxy.envoy.config.accesslog.v3.AccessLog::getDescriptor)
            .honoured(
                    io.envoyproxy.envoy.config.accesslog.v3.AccessLog.NAME_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.accesslog.v3.AccessLog.TYPED_CONFIG_FIELD_NUMBER);

    private static final FieldList FORMAT = FieldList.of(SubstitutionFormatString::getDescriptor)
            .honoured(SubstitutionFormatString.JSON_FORMAT_FIELD_NUMBER);

    static final FieldList STDOUT =
            FieldList.of(StdoutAccessLog::getDescriptor).inside(StdoutAccessLog.LOG_FORMAT_FIELD_NUMBER, FORMAT);

    private static final String STDOUT_TYPE =
            "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog";

    private AccessLogReader() {}

    public static List<AccessLog> read(List<io.envoyproxy.envoy.config.accesslog.v3.AccessLog> logs, Place parent) {
        List<AccessLog> read = new ArrayList<>(logs.size());
        for (int i = 0; i < logs.size(); i++) {
            AccessLog log = one(logs.get(i), parent.in("access_log", i).in("typed_config"));
            if (log != null) {
                read.add(log);
            }
        }
        return List.copyOf(read);
    }

    private static @Nullable AccessLog one(io.envoyproxy.envoy.config.accesslog.v3.AccessLog log, Place place) {
        if (!log.getTypedConfig().getTypeUrl().equals(STDOUT_TYPE)) {
            place.refuse(
                    "`" + log.getTypedConfig().getTypeUrl() + "` is not supported yet, only " + STDOUT_TYPE + " is");
            return null;
        }
        StdoutAccessLog stdout = Messages.read(log.getTypedConfig(), StdoutAccessLog.parser(), STDOUT, place);
        if (stdout == null) {
            return null;
        }
        if (!stdout.getLogFormat().hasJsonFormat()) {
            place.in("log_format").refuse("needs json_format, the only form there is yet");
            return null;
        }
        Place format = place.in("log_format").in("json_format");
        return switch (AccessLog.jsonOnStandardOutput(
                fields(stdout.getLogFormat().getJsonFormat(), format))) {
            case Parsed.Ok<AccessLog>(AccessLog value) -> value;
            case Parsed.Bad<AccessLog>(String path, String reason) -> {
                format.refuse(path, reason);
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
