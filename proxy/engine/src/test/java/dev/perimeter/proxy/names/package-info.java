/** Endpoints that have names. Start here: {@link dev.perimeter.proxy.names.NameServiceTest}. */
@NullMarked
package dev.perimeter.proxy.names;

import org.jspecify.annotations.NullMarked;
