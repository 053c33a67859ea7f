package dev.perimeter.proxy.tls;

/** Where the bytes of a certificate, a key or a list of authorities are. */
public sealed interface DataSource {

    /** @param text a byte for each char, so that bytes which are no text fit, too */
    record Inline(String text) implements DataSource {

        /** Keys end up here: never show the text. */
        @Override
        public String toString() {
            return "Inline[" + text.length() + " bytes]";
        }
    }

    /** Read again when it changes. */
    record File(String path) implements DataSource {}
}
