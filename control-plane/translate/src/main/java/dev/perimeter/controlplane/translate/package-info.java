/**
 * Pure translation of the model into Envoy resources, one proxy at a time: same input, same bytes.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.translate.Translator}; its answer is a
 * {@link dev.perimeter.controlplane.translate.Translation} for one
 * {@link dev.perimeter.controlplane.translate.ProxyNode}.
 */
@NullMarked
package dev.perimeter.controlplane.translate;

import org.jspecify.annotations.NullMarked;
