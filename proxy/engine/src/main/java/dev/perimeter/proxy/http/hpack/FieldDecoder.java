package dev.perimeter.proxy.http.hpack;

import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;

/** Netty's HPACK decoder, giving fields to {@link ReceivedFields}, which judges them in its place. */
public final class FieldDecoder extends DefaultHttp2HeadersDecoder {

    private final ReceivedFields fields;

    /**
     * @param maxListSize as SETTINGS_MAX_HEADER_LIST_SIZE counts; a larger list is a stream error, one larger by a quarter
     *     ends the connection before it is decoded
     */
    public FieldDecoder(ReceivedFields fields, long maxListSize) {
        super(false, maxListSize);
        this.fields = fields;
    }

    @Override
    protected Http2Headers newHeaders() {
        return fields.begin();
    }
}
