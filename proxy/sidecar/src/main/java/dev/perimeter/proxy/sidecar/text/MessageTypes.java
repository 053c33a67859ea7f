package dev.perimeter.proxy.sidecar.text;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages by their type URL. Envoy's protos keep to a rule by which the package of the Java class follows from that of the
 * message, so no list has to be kept of what may stand in an extension.
 */
public final class MessageTypes {

    /** Where the classes of a proto package are, longest first where one begins another. */
    private static final Map<String, String> PACKAGES = Map.of(
            "envoy.", "io.envoyproxy.envoy.",
            "xds.", "com.github.xds.",
            "udpa.", "com.github.udpa.udpa.",
            "google.protobuf.", "com.google.protobuf.",
            "perimeter.", "dev.perimeter.controlplane.contract.");

    private static final Map<String, Descriptor> FOUND = new HashMap<>();

    private MessageTypes() {}

    /** The type, or null when no class here has it. Loads its descriptor, which is slow the first time. */
    public static synchronized @Nullable Descriptor find(String typeUrl) {
        String name = typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
        Descriptor known = FOUND.get(name);
        if (known == null) {
            known = load(name);
            if (known != null) {
                FOUND.put(name, known);
            }
        }
        return known;
    }

    private static @Nullable Descriptor load(String name) {
        for (Map.Entry<String, String> entry : PACKAGES.entrySet()) {
            if (name.startsWith(entry.getKey()) && name.matches("[\\w.]+")) {
                String type = entry.getValue() + name.substring(entry.getKey().length());
                try {
                    Object descriptor =
                            Class.forName(type).getMethod("getDescriptor").invoke(null);
                    return descriptor instanceof Descriptor of ? of : null;
                } catch (ReflectiveOperationException absent) {
                    return null;
                }
            }
        }
        return null;
    }
}
