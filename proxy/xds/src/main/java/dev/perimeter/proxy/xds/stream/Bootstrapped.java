package dev.perimeter.proxy.xds.stream;

import com.google.protobuf.Any;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.xds.resource.Resource;
import dev.perimeter.proxy.xds.resource.ResourceReader;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Transports;
import dev.perimeter.proxy.xds.world.World;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the resources that stand in a bootstrap are right, by the same rules as those that come later. */
public final class Bootstrapped {

    private Bootstrapped() {}

    /** What is wrong with the first that is, by its path; null when all are right. */
    public static @Nullable String wrong(Following following, ResourceReader reader, Transports transports) {
        World world = new World(reader);
        Judging judging = new Judging(world, transports);
        for (ResourceType type : ResourceType.values()) {
            List<Any> all = following.fixed().getOrDefault(type, List.of());
            for (int i = 0; i < all.size(); i++) {
                String wrong = world.fix(type, all.get(i));
                if (wrong != null) {
                    return "static_resources." + plural(type) + "[" + i + "]." + wrong;
                }
            }
        }
        // One may name another, whatever stands first.
        for (ResourceType type : ResourceType.values()) {
            int i = 0;
            for (Resource<?> resource : world.fixed(type).values()) {
                String wrong = judging.own(resource);
                if (wrong != null) {
                    return "static_resources." + plural(type) + "[" + i + "]." + wrong;
                }
                i++;
            }
        }
        return null;
    }

    /** The listeners that stand in a bootstrap that is right. */
    public static List<ListenerConfig> listeners(Following following, ResourceReader reader) {
        World world = new World(reader);
        following
                .fixed()
                .getOrDefault(ResourceType.LISTENER, List.of())
                .forEach(raw -> world.fix(ResourceType.LISTENER, raw));
        return world.fixed(ResourceType.LISTENER).values().stream()
                .map(Resource::value)
                .filter(ListenerConfig.class::isInstance)
                .map(ListenerConfig.class::cast)
                .toList();
    }

    private static String plural(ResourceType type) {
        return type.word() + "s";
    }
}
