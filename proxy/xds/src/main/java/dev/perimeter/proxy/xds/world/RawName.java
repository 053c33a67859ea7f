package dev.perimeter.proxy.xds.world;

import com.google.protobuf.Any;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/** The name of a resource that cannot be read: field 1 in all kinds. */
final class RawName {

    private RawName() {}

    /** Empty when there is none to be found. */
    static String of(Any raw) {
        try {
            CodedInputStream in = raw.getValue().newCodedInput();
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == 1) {
                    return in.readStringRequireUtf8();
                }
                in.skipField(tag);
            }
        } catch (IOException malformed) {
            return "";
        }
        return "";
    }
}
