/**
 * The admin pages: what a proxy does and why, for people and for tools, after Envoy's.
 *
 * <p>Start here: {@link dev.perimeter.proxy.sidecar.admin.AdminServer}, whose catalogue lists the pages.
 */
@NullMarked
package dev.perimeter.proxy.sidecar.admin;

import org.jspecify.annotations.NullMarked;
