package dev.perimeter.controlplane.translate.route;

import dev.perimeter.controlplane.model.RouteFilter.Header;
import dev.perimeter.controlplane.model.RouteFilter.HeaderEdit;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import java.util.ArrayList;
import java.util.List;

/** Makes Envoy's header options from ours. */
public final class HeaderEdits {
    private HeaderEdits() {}

    /** What an edit sets and adds. */
    static List<HeaderValueOption> additions(HeaderEdit edit) {
        List<HeaderValueOption> options = new ArrayList<>();
        edit.set().forEach(header -> options.add(option(header, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)));
        edit.add().forEach(header -> options.add(option(header, HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)));
        return options;
    }

    private static HeaderValueOption option(Header header, HeaderAppendAction action) {
        return HeaderValueOption.newBuilder()
                // In Envoy a percent sign starts a command; a resource means itself.
                .setHeader(HeaderValue.newBuilder()
                        .setKey(header.name())
                        .setValue(header.value().replace("%", "%%")))
                .setAppendAction(action)
                .build();
    }
}
