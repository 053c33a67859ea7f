/**
 * What all readers of resources share: where they are in a message, and the field types that occur everywhere.
 *
 * <p>Start here: {@link dev.perimeter.proxy.xds.resource.field.Place}.
 */
@NullMarked
package dev.perimeter.proxy.xds.resource.field;

import org.jspecify.annotations.NullMarked;
