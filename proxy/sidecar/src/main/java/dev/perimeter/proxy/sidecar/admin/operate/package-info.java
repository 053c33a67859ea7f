/** Pages that do something to the proxy, or say what it costs. Start here: {@link dev.perimeter.proxy.sidecar.admin.operate.OrderPage}. */
@NullMarked
package dev.perimeter.proxy.sidecar.admin.operate;

import org.jspecify.annotations.NullMarked;
