/**
 * A control plane for tests: a real ADS server on a real socket that says what a test tells it to say.
 *
 * <p>Start here: {@link dev.perimeter.proxy.testkit.xds.FakeControlPlane}.
 */
@NullMarked
package dev.perimeter.proxy.testkit.xds;

import org.jspecify.annotations.NullMarked;
