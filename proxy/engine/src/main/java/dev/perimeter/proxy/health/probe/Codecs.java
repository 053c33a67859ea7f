package dev.perimeter.proxy.health.probe;

import dev.perimeter.proxy.http.ClientConnection;
import dev.perimeter.proxy.http.h1.Http1ClientConnection;
import dev.perimeter.proxy.http.h2.Http2ClientConnection;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;

/** What checks speak HTTP by. */
final class Codecs {

    private Codecs() {}

    static ClientConnection client(boolean http2, ClientConnection.Owner owner) {
        return http2
                ? new Http2ClientConnection(HttpLimits.DEFAULTS, Http2Options.DEFAULTS, owner)
                : new Http1ClientConnection(HttpLimits.DEFAULTS, owner);
    }
}
