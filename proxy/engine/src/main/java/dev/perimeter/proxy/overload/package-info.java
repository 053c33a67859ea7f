/**
 * What is refused so that the process lives: connections beyond a number, requests when memory runs out. Start here: {@link
 * dev.perimeter.proxy.overload.Overload}.
 */
@NullMarked
package dev.perimeter.proxy.overload;

import org.jspecify.annotations.NullMarked;
