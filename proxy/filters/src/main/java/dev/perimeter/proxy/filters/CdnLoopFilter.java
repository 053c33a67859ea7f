package dev.perimeter.proxy.filters;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filters.field.Field;
import dev.perimeter.proxy.http.Ascii;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import io.envoyproxy.envoy.extensions.filters.http.cdn_loop.v3.CdnLoopConfig;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Refuses a request that has been here before, by the {@code CDN-Loop} header in which each hop leaves its name (RFC 8586,
 * Envoy's cdn_loop): 502 for a loop, 400 for a header that is none.
 */
final class CdnLoopFilter implements FilterKind, Documented {

    /** @param maxAllowedOccurrences how often the name may stand there already */
    private record Config(String cdnId, long maxAllowedOccurrences) {

        private static final FieldList FIELDS = FieldList.of(CdnLoopConfig::getDescriptor)
                .honoured(CdnLoopConfig.CDN_ID_FIELD_NUMBER, CdnLoopConfig.MAX_ALLOWED_OCCURRENCES_FIELD_NUMBER);

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            return Field.read(typedConfig, CdnLoopConfig.parser(), FIELDS, (message, field) -> {
                String id = message.getCdnId();
                if (id.isEmpty() || new CdnInfos(id, id).count() != 1) {
                    field.in("cdn_id").refuse("`" + id + "` is no cdn-id (RFC 8586 section 2)");
                }
                return new Config(id, Integer.toUnsignedLong(message.getMaxAllowedOccurrences()));
            });
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.cdn_loop.v3.CdnLoopConfig";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig).map(config -> {
            HttpFilter filter = new Guard(config);
            return () -> filter;
        });
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS);
    }

    /** Keeps no state of its own, so one serves all exchanges. */
    private record Guard(Config config) implements HttpFilter {

        private static final String HEADER = "cdn-loop";
        private static final Verdict INVALID =
                refusal(400, "invalid_cdn_loop_header", "Invalid CDN-Loop header in request.");
        private static final Verdict LOOP =
                refusal(502, "cdn_loop_detected", "The server has detected a loop between CDNs.");

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            Headers headers = head.headers();
            long seen = 0;
            for (int i = headers.indexOf(HEADER, 0); i >= 0; i = headers.indexOf(HEADER, i + 1)) {
                int here = new CdnInfos(headers.value(i), config.cdnId).count();
                if (here < 0) {
                    return INVALID;
                }
                seen += here;
            }
            if (seen > config.maxAllowedOccurrences) {
                return LOOP;
            }
            // A line of its own behind those that are there: the same list (RFC 9110 section 5.3).
            headers.add(HEADER, config.cdnId);
            return Verdict.NEXT;
        }

        private static Verdict refusal(int status, String details, String body) {
            return new Verdict.Reply(new Failure.Refused(status, details, body, null));
        }
    }

    /**
     * Reads {@code #cdn-info}, where {@code cdn-info = cdn-id *( OWS ";" OWS parameter )}. Looks at each character once.
     */
    private static final class CdnInfos {

        private final String text;
        private final String wanted;
        private int at;

        CdnInfos(String text, String wanted) {
            this.text = text;
            this.wanted = wanted;
        }

        /** How often the wanted name stands there, or -1 when the text is no such list. */
        int count() {
            int found = 0;
            boolean any = false;
            while (true) {
                skip(" \t");
                int start = at;
                while (at < text.length() && isIdChar(text.charAt(at))) {
                    at++;
                }
                if (at > start) {
                    any = true;
                    found += at - start == wanted.length() && text.startsWith(wanted, start) ? 1 : 0;
                    if (!parameters()) {
                        return -1;
                    }
                }
                skip(" \t");
                if (at == text.length()) {
                    return any ? found : -1;
                }
                // Empty elements are allowed in a list that is read (RFC 9110 section 5.6.1.2).
                if (text.charAt(at++) != ',') {
                    return -1;
                }
            }
        }

        private boolean parameters() {
            while (true) {
                int before = at;
                skip(" \t");
                if (at == text.length() || text.charAt(at) != ';') {
                    at = before;
                    return true;
                }
                at++;
                skip(" \t");
                if (!token() || at == text.length() || text.charAt(at++) != '=' || !(quoted() || token())) {
                    return false;
                }
            }
        }

        private boolean token() {
            int start = at;
            while (at < text.length() && text.charAt(at) < 0x7f && Ascii.isTokenChar((byte) text.charAt(at))) {
                at++;
            }
            return at > start;
        }

        private boolean quoted() {
            if (at == text.length() || text.charAt(at) != '"') {
                return false;
            }
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return true;
                }
                at += c == '\\' ? 1 : 0;
            }
            return false;
        }

        private void skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        /** A host, a port after it, or a token (RFC 8586 section 2). */
        private static boolean isIdChar(char c) {
            return c < 0x7f && c > ' ' && (Ascii.isTokenChar((byte) c) || ":[]@".indexOf(c) >= 0) && c != ',';
        }
    }
}
