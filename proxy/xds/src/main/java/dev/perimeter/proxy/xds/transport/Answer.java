package dev.perimeter.proxy.xds.transport;

import com.google.protobuf.Any;
import java.util.List;

/** A discovery response. */
public record Answer(String typeUrl, String version, String nonce, List<Any> resources) {}
