/** What a bootstrap or a control plane asks for, seen by clients. Start here: {@link dev.perimeter.proxy.sidecar.story.NameStoriesTest}. */
@NullMarked
package dev.perimeter.proxy.sidecar.story;

import org.jspecify.annotations.NullMarked;
