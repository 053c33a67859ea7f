/**
 * Endpoints that a cluster gives by name (DNS, RFC 1035): who is asked, how often, and what is kept when nobody answers.
 * Start here: {@link dev.perimeter.proxy.names.NameService}.
 */
@NullMarked
package dev.perimeter.proxy.names;

import org.jspecify.annotations.NullMarked;
