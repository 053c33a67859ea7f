/** Which route would take a request. Start here: {@link dev.perimeter.proxy.sidecar.admin.explain.ExplainPage}. */
@NullMarked
package dev.perimeter.proxy.sidecar.admin.explain;

import org.jspecify.annotations.NullMarked;
