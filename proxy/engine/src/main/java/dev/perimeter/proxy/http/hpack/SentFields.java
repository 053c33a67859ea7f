package dev.perimeter.proxy.http.hpack;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/** A head or trailers on their way out, to be given to Netty's frame layer; {@link FieldEncoder} writes them. */
public final class SentFields extends SlimHeaders {

    private final @Nullable RequestHead request;
    private final int status;
    private final Headers headers;

    private SentFields(@Nullable RequestHead request, int status, Headers headers) {
        this.request = request;
        this.status = status;
        this.headers = headers;
    }

    /** With {@link RequestHead#upgrade()} as an extended CONNECT (RFC 8441 section 4). */
    public static SentFields of(RequestHead request) {
        return new SentFields(request, 0, request.headers());
    }

    public static SentFields of(ResponseHead response) {
        return new SentFields(null, response.status(), response.headers());
    }

    public static SentFields trailers(Headers trailers) {
        return new SentFields(null, 0, trailers);
    }

    @Nullable
    RequestHead request() {
        return request;
    }

    /** 0 for requests and trailers. */
    int statusCode() {
        return status;
    }

    Headers fields() {
        return headers;
    }

    @Override
    public @Nullable CharSequence status() {
        return status == 0 ? null : Integer.toString(status);
    }

    /** As SETTINGS_MAX_HEADER_LIST_SIZE counts (RFC 9113 section 6.5.2): 32 more for each field. */
    long listSize() {
        long size = 0;
        if (request != null) {
            size = 200L
                    + request.method().length()
                    + request.path().length()
                    + request.authority().length();
        }
        for (int i = 0; i < headers.size(); i++) {
            size += 32L + headers.nameLength(i) + headers.valueLength(i);
        }
        return size;
    }
}
