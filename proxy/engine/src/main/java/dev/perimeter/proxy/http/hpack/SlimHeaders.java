package dev.perimeter.proxy.http.hpack;

import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * The part of Netty's view of header fields that its frame layer really asks for. Everything else says that nothing is
 * there, or refuses: so a head need not be put into a hash table on its way through.
 */
abstract class SlimHeaders extends EmptyHeaders<CharSequence, CharSequence, Http2Headers> implements Http2Headers {

    @Override
    public Iterator<Entry<CharSequence, CharSequence>> iterator() {
        return Collections.emptyIterator();
    }

    @Override
    public Iterator<CharSequence> valueIterator(CharSequence name) {
        return Collections.emptyIterator();
    }

    @Override
    public Http2Headers method(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers scheme(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers authority(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers path(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers status(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable CharSequence method() {
        return null;
    }

    @Override
    public @Nullable CharSequence scheme() {
        return null;
    }

    @Override
    public @Nullable CharSequence authority() {
        return null;
    }

    @Override
    public @Nullable CharSequence path() {
        return null;
    }

    @Override
    public @Nullable CharSequence status() {
        return null;
    }

    @Override
    public boolean contains(CharSequence name, CharSequence value, boolean caseInsensitive) {
        return false;
    }
}
