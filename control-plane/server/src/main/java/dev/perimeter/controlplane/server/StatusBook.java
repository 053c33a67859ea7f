package dev.perimeter.controlplane.server;

import dev.perimeter.controlplane.discovery.ProxyView;
import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.Problem;
import dev.perimeter.controlplane.translate.Translator;
import dev.perimeter.controlplane.translate.attach.Condition;
import dev.perimeter.controlplane.translate.attach.Condition.Type;
import java.util.ArrayList;
import java.util.List;

/** What is said of every object: whether it is valid, whether what it refers to is there, whether proxies have it. */
final class StatusBook {
    private StatusBook() {}

    /** The status of a world and the proxies that follow it; a pure function. */
    static List<ObjectStatus> of(Translator world, List<ProxyView> proxies) {
        Programming programming = Programming.of(proxies);
        List<ObjectStatus> book = new ArrayList<>();
        for (MeshObject object : world.world().objects()) {
            List<Condition> conditions = new ArrayList<>();
            conditions.add(accepted(object, world));
            world.attachments().conditions(object.key()).stream()
                    .filter(condition -> condition.type() != Type.ACCEPTED)
                    .forEach(conditions::add);
            programming.condition(object).ifPresent(conditions::add);
            book.add(new ObjectStatus(object, conditions));
        }
        return book;
    }

    private static Condition accepted(MeshObject object, Translator world) {
        for (Problem problem : world.world().problems()) {
            if (object.key().equals(problem.object())) {
                return new Condition(Type.ACCEPTED, false, "Invalid", problem + " The last good form stays in force.");
            }
        }
        return world.attachments().conditions(object.key()).stream()
                .filter(condition -> condition.type() == Type.ACCEPTED)
                .findFirst()
                .orElse(new Condition(Type.ACCEPTED, true, "Accepted", "The object is valid."));
    }
}
