/**
 * What tests of the proxy share: clients and upstreams on real sockets, and guards over
 * every test class that fail it for what it left behind. Start here: {@link dev.perimeter.proxy.testkit.RawClient}, {@link dev.perimeter.proxy.testkit.LeakGuard}.
 */
@NullMarked
package dev.perimeter.proxy.testkit;

import org.jspecify.annotations.NullMarked;
