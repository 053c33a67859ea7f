/** Bodies larger than memory past readers slower than their senders. Start here: {@link dev.perimeter.proxy.story.flow.LargeTransferTest}. */
@NullMarked
package dev.perimeter.proxy.story.flow;

import org.jspecify.annotations.NullMarked;
