/**
 * Kubernetes objects as files, the way {@code apply}, an editor and the control plane share them. Start here: {@link
 * dev.perimeter.labs.harness.resource.ResourceStore}.
 */
@NullMarked
package dev.perimeter.labs.harness.resource;

import org.jspecify.annotations.NullMarked;
