/**
 * The gzip format (RFC 1952) over the JDK's deflate, in pieces and with bounded memory.
 *
 * <p>Start here: {@link dev.perimeter.proxy.filters.gzip.GzipWriter}, {@link dev.perimeter.proxy.filters.gzip.GzipReader}.
 */
@NullMarked
package dev.perimeter.proxy.filters.gzip;

import org.jspecify.annotations.NullMarked;
