package dev.perimeter.proxy.filters.field;

import dev.perimeter.controlplane.contract.fields.FieldList;
import io.envoyproxy.envoy.config.core.v3.RuntimeFeatureFlag;

/** A switch that Envoy can also turn at run time; here it stays as the config has it. */
public final class Toggle {

    public static final FieldList FIELDS = FieldList.of(RuntimeFeatureFlag::getDescriptor)
            .honoured(RuntimeFeatureFlag.DEFAULT_VALUE_FIELD_NUMBER)
            .harmless(RuntimeFeatureFlag.RUNTIME_KEY_FIELD_NUMBER);

    private Toggle() {}

    /** On where nothing is said. */
    public static boolean on(boolean set, RuntimeFeatureFlag flag) {
        return !set || flag.getDefaultValue().getValue();
    }
}
