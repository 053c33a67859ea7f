package dev.perimeter.proxy.xds.resource.http.connection;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.RequestCleaning;
import dev.perimeter.proxy.snapshot.RequestCleaning.EscapedSlashes;
import dev.perimeter.proxy.snapshot.RequestCleaning.StripPort;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/** Into which form a connection manager brings paths and authorities. */
public final class RequestCleaningReader {

    private RequestCleaningReader() {}

    public static FieldList honoured(FieldList fields) {
        return fields.honoured(
                HttpConnectionManager.NORMALIZE_PATH_FIELD_NUMBER,
                HttpConnectionManager.MERGE_SLASHES_FIELD_NUMBER,
                HttpConnectionManager.PATH_WITH_ESCAPED_SLASHES_ACTION_FIELD_NUMBER,
                HttpConnectionManager.STRIP_MATCHING_HOST_PORT_FIELD_NUMBER,
                HttpConnectionManager.STRIP_ANY_HOST_PORT_FIELD_NUMBER,
                HttpConnectionManager.STRIP_TRAILING_HOST_DOT_FIELD_NUMBER);
    }

    public static RequestCleaning read(HttpConnectionManager manager, Place place) {
        RequestCleaning read = new RequestCleaning(
                escapedSlashes(manager, place.in("path_with_escaped_slashes_action")),
                manager.getNormalizePath().getValue(),
                manager.getMergeSlashes(),
                manager.getStripTrailingHostDot(),
                stripPort(manager, place));
        return read.equals(RequestCleaning.NONE) ? RequestCleaning.NONE : read;
    }

    private static EscapedSlashes escapedSlashes(HttpConnectionManager manager, Place place) {
        return switch (manager.getPathWithEscapedSlashesAction()) {
            case IMPLEMENTATION_SPECIFIC_DEFAULT, KEEP_UNCHANGED -> EscapedSlashes.KEEP;
            case REJECT_REQUEST -> EscapedSlashes.REJECT;
            case UNESCAPE_AND_REDIRECT -> EscapedSlashes.REDIRECT;
            case UNESCAPE_AND_FORWARD -> EscapedSlashes.UNESCAPE;
            case UNRECOGNIZED -> {
                place.refuse(manager.getPathWithEscapedSlashesActionValue() + " is not a known action");
                yield EscapedSlashes.REJECT;
            }
        };
    }

    private static StripPort stripPort(HttpConnectionManager manager, Place place) {
        if (manager.getStripAnyHostPort() && manager.getStripMatchingHostPort()) {
            place.in("strip_any_host_port").refuse("excludes strip_matching_host_port; set one of them");
        }
        return manager.getStripAnyHostPort()
                ? StripPort.ALWAYS
                : manager.getStripMatchingHostPort() ? StripPort.MATCHING : StripPort.NEVER;
    }
}
