/** Connections that stop being HTTP: CONNECT and upgrades. Start here: {@link dev.perimeter.proxy.story.tunnel.UpgradeTest}. */
@NullMarked
package dev.perimeter.proxy.story.tunnel;

import org.jspecify.annotations.NullMarked;
