package dev.perimeter.proxy.xds.source;

/** A resource by its identity: type, source and name. */
public record Named(ResourceType type, ResourceSource source, String name) implements Comparable<Named> {

    /** Of the one ADS stream. */
    public static Named ads(ResourceType type, String name) {
        return new Named(type, ResourceSource.ADS, name);
    }

    /** What the engine calls it. */
    public String key() {
        return source.qualified(name);
    }

    /** As an operator would say it. */
    public String words() {
        return type == ResourceType.ENDPOINTS ? "the endpoints of `" + name + "`" : type.word() + " `" + name + "`";
    }

    @Override
    public int compareTo(Named other) {
        int byType = type.compareTo(other.type);
        int bySource = byType != 0 ? byType : source.compareTo(other.source);
        return bySource != 0 ? bySource : name.compareTo(other.name);
    }
}
