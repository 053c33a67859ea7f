/**
 * Which routes hang on which doors and services, whether what they refer to is there, and what is said about it.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.translate.attach.Attachments}, then
 * {@link dev.perimeter.controlplane.translate.attach.Condition}.
 */
@NullMarked
package dev.perimeter.controlplane.translate.attach;

import org.jspecify.annotations.NullMarked;
