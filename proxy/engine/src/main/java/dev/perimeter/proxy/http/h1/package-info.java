/**
 * The two ends of an HTTP/1.1 hop: exchanges, timers, back-pressure and writing. Start here: {@link
 * dev.perimeter.proxy.http.h1.Http1ServerConnection}, {@link dev.perimeter.proxy.http.h1.Http1ClientConnection}.
 */
@NullMarked
package dev.perimeter.proxy.http.h1;

import org.jspecify.annotations.NullMarked;
