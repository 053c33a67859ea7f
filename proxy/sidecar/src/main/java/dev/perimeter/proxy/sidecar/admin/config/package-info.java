/** The page that shows the configuration in force. Start here: {@link dev.perimeter.proxy.sidecar.admin.config.ConfigDumpPage}. */
@NullMarked
package dev.perimeter.proxy.sidecar.admin.config;

import org.jspecify.annotations.NullMarked;
