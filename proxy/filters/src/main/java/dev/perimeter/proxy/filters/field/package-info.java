/**
 * What the configs of filters share: where one is in a message, and the field types that occur in several. Protobuf may be
 * used here, since the nested Config of each filter is what uses this.
 *
 * <p>Start here: {@link dev.perimeter.proxy.filters.field.Field}.
 */
@NullMarked
package dev.perimeter.proxy.filters.field;

import org.jspecify.annotations.NullMarked;
