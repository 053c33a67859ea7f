/**
 * Text as a tree that still knows its lines; YAML and JSON become the same tree.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.sources.tree.Tree}, then
 * {@link dev.perimeter.controlplane.sources.tree.YamlTree} (in) and
 * {@link dev.perimeter.controlplane.sources.tree.YamlWriter} (out).
 */
@NullMarked
package dev.perimeter.controlplane.sources.tree;

import org.jspecify.annotations.NullMarked;
