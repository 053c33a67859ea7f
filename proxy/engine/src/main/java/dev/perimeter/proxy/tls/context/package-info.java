/**
 * TLS at work: contexts built on the control thread out of settings and secrets, exchanged while connections live. Start
 * here: {@link dev.perimeter.proxy.tls.context.TlsContexts}.
 */
@NullMarked
package dev.perimeter.proxy.tls.context;

import org.jspecify.annotations.NullMarked;
