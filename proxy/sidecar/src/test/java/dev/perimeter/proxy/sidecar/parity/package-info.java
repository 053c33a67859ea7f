/** This proxy and stock Envoy, run by the same files. Start here: {@link dev.perimeter.proxy.sidecar.parity.BootstrapParityTest}. */
@NullMarked
package dev.perimeter.proxy.sidecar.parity;

import org.jspecify.annotations.NullMarked;
