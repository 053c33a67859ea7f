/**
 * What is refused so that the process lives: connections beyond a number, requests and large streams when memory runs out. Start here: {@link
 * dev.perimeter.proxy.overload.Overload}.
 */
@NullMarked
package dev.perimeter.proxy.overload;

import org.jspecify.annotations.NullMarked;
