package dev.perimeter.proxy.http;

import org.jspecify.annotations.Nullable;

/**
 * A request that ends in the codec.
 *
 * @param status the reply: 400, 408, 413, 414, 417, 421, 431, 501 or 505
 * @param details short name for {@code %RESPONSE_CODE_DETAILS%}, e.g. {@code http1.content_length_and_transfer_encoding}
 * @param sentence what was wrong, with the RFC section it violates
 * @param partial what was read of the head before the error, for the access log; may be empty
 */
public record BadRequest(
        int status,
        String details,
        String sentence,
        @Nullable RequestHead partial) {}
