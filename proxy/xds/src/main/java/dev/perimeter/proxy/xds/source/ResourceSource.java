package dev.perimeter.proxy.xds.source;

/**
 * Where resources come from (Envoy: {@code config.core.v3.ConfigSource}). Two resources of one name from two sources are
 * two resources.
 */
public sealed interface ResourceSource extends Comparable<ResourceSource> {

    ResourceSource ADS = new Ads();

    ResourceSource STATIC = new Static();

    /** Tells this source from others, and is empty for ADS, so that there a name stands for itself. */
    String key();

    /** The source that has this key. */
    static ResourceSource ofKey(String key) {
        int colon = key.indexOf(':');
        String rest = key.substring(colon + 1);
        return switch (colon < 0 ? "" : key.substring(0, colon)) {
            case "grpc" -> new Grpc(rest, false);
            case "delta_grpc" -> new Grpc(rest, true);
            case "path" -> new File(rest);
            case "static" -> STATIC;
            default -> ADS;
        };
    }

    /** What the engine calls a resource of this source. */
    default String qualified(String name) {
        return key().isEmpty() ? name : name + "@" + key();
    }

    @Override
    default int compareTo(ResourceSource other) {
        return key().compareTo(other.key());
    }

    /** The bootstrap itself: nothing has to be asked for. */
    record Static() implements ResourceSource {

        @Override
        public String key() {
            return "static:bootstrap";
        }
    }

    /** The one stream that carries all types. */
    record Ads() implements ResourceSource {

        @Override
        public String key() {
            return "";
        }
    }

    /**
     * A stream for each type.
     *
     * @param cluster the static cluster of the server
     * @param delta whether only changes are sent ({@code DELTA_GRPC})
     */
    record Grpc(String cluster, boolean delta) implements ResourceSource {

        @Override
        public String key() {
            return (delta ? "delta_grpc:" : "grpc:") + cluster;
        }
    }

    /**
     * A file that holds a discovery response as YAML or JSON, read again when it is replaced.
     *
     * @param path as it was configured
     */
    record File(String path) implements ResourceSource {

        @Override
        public String key() {
            return "path:" + path;
        }
    }
}
