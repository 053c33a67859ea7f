package dev.perimeter.proxy.xds.stream;

import com.google.protobuf.Any;
import java.util.List;

/** A discovery response. */
record Answer(String typeUrl, String version, String nonce, List<Any> resources) {}
