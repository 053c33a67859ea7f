/**
 * The names both planes agree on; everything else they share is Envoy's own protobufs.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.contract.NodeId} (who a proxy is),
 * {@link dev.perimeter.controlplane.contract.TypeUrl} (what it may ask for) and
 * {@link dev.perimeter.controlplane.contract.ResourceNames} (how the answers are called).
 */
@NullMarked
package dev.perimeter.controlplane.contract;

import org.jspecify.annotations.NullMarked;
