/**
 * The local node, the one process {@code up} leaves behind: it starts the mesh's processes, probes them, tells the
 * control plane which pods are ready, and ends them when it is told to end. Start here: {@link
 * dev.perimeter.labs.harness.node.LocalNode}, then {@link dev.perimeter.labs.harness.node.NodeClient} for those who talk
 * to it.
 */
@NullMarked
package dev.perimeter.labs.harness.node;

import org.jspecify.annotations.NullMarked;
