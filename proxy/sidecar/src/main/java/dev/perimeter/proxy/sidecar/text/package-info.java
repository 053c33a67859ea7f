/** Configuration as people write it, YAML or JSON, turned into protobuf. Start here: {@link dev.perimeter.proxy.sidecar.text.ProtoTree}. */
@NullMarked
package dev.perimeter.proxy.sidecar.text;

import org.jspecify.annotations.NullMarked;
