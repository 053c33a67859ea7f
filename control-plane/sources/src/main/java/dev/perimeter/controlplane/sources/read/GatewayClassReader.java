package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.GatewayClass;
import dev.perimeter.controlplane.model.Meta;
import dev.perimeter.controlplane.sources.field.Fields;
import dev.perimeter.controlplane.sources.field.Value;

/** Reads a Gateway API GatewayClass. */
final class GatewayClassReader {
    private GatewayClassReader() {}

    static GatewayClass read(Meta meta, Fields fields) {
        fields.harmless("status");
        Value spec = fields.required("spec", "Add spec with controllerName: " + GatewayClass.OURS + ".");
        String controller = spec == null ? null : spec.object(GatewayClassReader::controllerName);
        return new GatewayClass(meta, controller == null ? "" : controller);
    }

    private static String controllerName(Fields fields) {
        fields.harmless("description");
        fields.unsupported("parametersRef", "Remove it; the class has no parameters.");
        Value name = fields.required("controllerName", "Write controllerName: " + GatewayClass.OURS + ".");
        return name == null ? "" : name.text();
    }
}
