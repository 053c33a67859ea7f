package dev.perimeter.controlplane.server;

import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.translate.attach.Condition;
import java.util.List;

/** What is said of one object. */
record ObjectStatus(MeshObject object, List<Condition> conditions) {
    ObjectStatus {
        conditions = List.copyOf(conditions);
    }
}
