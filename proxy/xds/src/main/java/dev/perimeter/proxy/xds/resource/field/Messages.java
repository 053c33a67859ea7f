package dev.perimeter.proxy.xds.resource.field;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.perimeter.controlplane.contract.fields.FieldList;
import org.jspecify.annotations.Nullable;

/** From bytes to a message that has been checked against its list. */
public final class Messages {

    private static final String PREFIX = "type.googleapis.com/";

    private Messages() {}

    /** The message, or null when it was refused. */
    public static <M extends Message> @Nullable M read(
            ByteString bytes, Parser<M> parser, FieldList fields, Place place) {
        place.check(fields, bytes);
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException malformed) {
            place.refuse("is not a valid message: " + malformed.getMessage());
            return null;
        }
    }

    /** The message of an extension's config; the type has been looked at already. */
    public static <M extends Message> @Nullable M read(Any config, Parser<M> parser, FieldList fields, Place place) {
        return read(config.getValue(), parser, fields, place);
    }

    /** The type URL of a message's full name. */
    public static String typeUrl(String fullName) {
        return PREFIX + fullName;
    }
}
