package dev.perimeter.proxy.xds.resource.tls;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.WatchedDirectory;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Bytes in place, in a file, or in the environment. */
final class DataSources {

    static final FieldList WATCHED = FieldList.of(WatchedDirectory::getDescriptor)
            // Files are read again whatever the way in which they are replaced.
            .harmless(WatchedDirectory.PATH_FIELD_NUMBER);

    static final FieldList FIELDS = FieldList.of(DataSource::getDescriptor)
            .honoured(
                    DataSource.FILENAME_FIELD_NUMBER,
                    DataSource.INLINE_BYTES_FIELD_NUMBER,
                    DataSource.INLINE_STRING_FIELD_NUMBER,
                    DataSource.ENVIRONMENT_VARIABLE_FIELD_NUMBER)
            .inside(DataSource.WATCHED_DIRECTORY_FIELD_NUMBER, WATCHED);

    private DataSources() {}

    /** @param check what is wrong with bytes in place; those of a file are looked at when it is read */
    static dev.perimeter.proxy.tls.DataSource read(
            DataSource source, Function<String, ? extends Parsed<?>> check, Place place) {
        String text = switch (source.getSpecifierCase()) {
            case FILENAME -> null;
            case INLINE_BYTES -> source.getInlineBytes().toString(StandardCharsets.ISO_8859_1);
            case INLINE_STRING -> source.getInlineString();
            case ENVIRONMENT_VARIABLE -> System.getenv(source.getEnvironmentVariable());
            case SPECIFIER_NOT_SET -> "";
        };
        if (source.hasFilename()) {
            return new dev.perimeter.proxy.tls.DataSource.File(source.getFilename());
        }
        if (text == null) {
            place.in("environment_variable").refuse("`" + source.getEnvironmentVariable() + "` is not set");
            return new dev.perimeter.proxy.tls.DataSource.Inline("");
        }
        if (check.apply(text) instanceof Parsed.Bad<?> bad) {
            place.refuse(bad.reason());
        }
        return new dev.perimeter.proxy.tls.DataSource.Inline(text);
    }
}
