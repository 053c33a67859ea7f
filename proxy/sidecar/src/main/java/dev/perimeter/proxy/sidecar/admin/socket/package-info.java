/** HTTP for one operator at a time, on loopback or a Unix socket. Start here: {@link dev.perimeter.proxy.sidecar.admin.socket.AdminSocket}. */
@NullMarked
package dev.perimeter.proxy.sidecar.admin.socket;

import org.jspecify.annotations.NullMarked;
