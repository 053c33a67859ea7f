package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of a reply of the proxy's own: in place, in a file or in a variable of the environment; read once, and bounded. */
public final class DirectBodyReader {

    /** Envoy's max_direct_response_body_size_bytes where a table says nothing. */
    static final int DEFAULT_MOST = 4096;

    public static final FieldList FIELDS = FieldList.of(DataSource::getDescriptor)
            .honoured(
                    DataSource.FILENAME_FIELD_NUMBER,
                    DataSource.INLINE_STRING_FIELD_NUMBER,
                    DataSource.INLINE_BYTES_FIELD_NUMBER,
                    DataSource.ENVIRONMENT_VARIABLE_FIELD_NUMBER);

    private DirectBodyReader() {}

    /** @param most bytes it may have */
    public static String read(DataSource source, int most, Place place) {
        String text = switch (source.getSpecifierCase()) {
            case INLINE_STRING -> source.getInlineString();
            case INLINE_BYTES -> source.getInlineBytes().toStringUtf8();
            case FILENAME -> file(source.getFilename(), most, place.in("filename"));
            case ENVIRONMENT_VARIABLE -> variable(source.getEnvironmentVariable(), place.in("environment_variable"));
            case SPECIFIER_NOT_SET -> "";
        };
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > most) {
            place.refuse(length + " bytes are more than there may be, " + most);
        }
        return text;
    }

    private static String file(String name, int most, Place place) {
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            return new String(in.readNBytes(most + 1), StandardCharsets.UTF_8);
        } catch (IOException | java.nio.file.InvalidPathException unreadable) {
            place.refuse("`" + name + "` cannot be read: " + unreadable.getMessage());
            return "";
        }
    }

    private static String variable(String name, Place place) {
        String value = System.getenv(name);
        if (value == null) {
            place.refuse("there is no variable `" + name + "` in the environment");
            return "";
        }
        return value;
    }
}
