/**
 * The file a proxy is started with: the part of Envoy's bootstrap that is needed, read strictly.
 *
 * <p>Start here: {@link dev.perimeter.proxy.sidecar.bootstrap.Bootstrap}.
 */
@NullMarked
package dev.perimeter.proxy.sidecar.bootstrap;

import org.jspecify.annotations.NullMarked;
