/** To whom the admin pages answer. Start here: {@link dev.perimeter.proxy.sidecar.admin.socket.AdminHostTest}. */
@NullMarked
package dev.perimeter.proxy.sidecar.admin.socket;

import org.jspecify.annotations.NullMarked;
