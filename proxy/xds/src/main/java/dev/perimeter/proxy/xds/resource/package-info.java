/**
 * From xDS resources to the engine's values, or to the one sentence that says why not. Protobuf ends here.
 *
 * <p>Start here: {@link dev.perimeter.proxy.xds.resource.ResourceReader}.
 */
@NullMarked
package dev.perimeter.proxy.xds.resource;

import org.jspecify.annotations.NullMarked;
