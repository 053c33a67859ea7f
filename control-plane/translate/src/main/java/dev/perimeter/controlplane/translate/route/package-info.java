/**
 * Routes: the rules of HTTPRoutes as Envoy's virtual hosts, in the order the Gateway API gives them.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.translate.route.Routes}, then
 * {@link dev.perimeter.controlplane.translate.route.Precedence} (who comes first).
 */
@NullMarked
package dev.perimeter.controlplane.translate.route;

import org.jspecify.annotations.NullMarked;
