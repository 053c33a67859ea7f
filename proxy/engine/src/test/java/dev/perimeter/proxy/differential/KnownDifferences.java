package dev.perimeter.proxy.differential;

import static dev.perimeter.proxy.differential.KnownDifferences.How.OTHER_MEANING;
import static dev.perimeter.proxy.differential.KnownDifferences.How.THEY_REFUSE;
import static dev.perimeter.proxy.differential.KnownDifferences.How.WE_REFUSE;
import static dev.perimeter.proxy.differential.Peer.Kind.ENVOY;
import static dev.perimeter.proxy.differential.Peer.Kind.HAPROXY;
import static dev.perimeter.proxy.differential.Peer.Kind.NGINX;

import dev.perimeter.proxy.differential.Requests.Case;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where our proxy and a peer differ, with the reason; the section of the rule stands beside each {@link Twist}. A
 * difference that is not here fails the test, and so does one that is here and no more.
 */
final class KnownDifferences {

    enum How {
        /** We refuse what they let through. */
        WE_REFUSE,
        /** They refuse what we let through. */
        THEY_REFUSE,
        /** Both let it through, with another meaning. */
        OTHER_MEANING
    }

    record Known(How how, String twist, String reason, Set<Peer.Kind> peers) {}

    static final List<Known> ALL = List.of(
            known(OTHER_MEANING, "Accept twice", "they join the values of a list, which means the same", ENVOY),
            known(OTHER_MEANING, "Authorization twice", "they join both into one value; we pass on what came", ENVOY),
            known(
                    OTHER_MEANING,
                    "Connection names a field",
                    "a field that Connection names belongs to one hop; they pass it on",
                    HAPROXY,
                    NGINX),
            known(
                    OTHER_MEANING,
                    "absolute target, other host",
                    "the target wins over Host; told to pass Host on, they do",
                    NGINX),
            known(
                    OTHER_MEANING,
                    "coding upper case",
                    "names of codings have no case (RFC 9112 7); they pass the content on as it came",
                    HAPROXY),
            known(
                    OTHER_MEANING,
                    "trailer that frames",
                    "a trailer must not frame; we leave it out, they pass it on",
                    ENVOY,
                    HAPROXY),
            known(OTHER_MEANING, "trailers", "they drop trailers, which the section allows", NGINX),
            known(THEY_REFUSE, "Authorization twice", "what two values mean is the upstream's business", NGINX),
            known(THEY_REFUSE, "Connection names Host", "Host is kept, whatever Connection says of it", ENVOY),
            known(
                    THEY_REFUSE,
                    "absolute target, other host",
                    "the target wins over Host, which they want to be equal",
                    HAPROXY),
            known(
                    THEY_REFUSE,
                    "escaped NUL",
                    "an escaped NUL is a legal URI; what it means is the upstream's business",
                    NGINX),
            known(THEY_REFUSE, "method lower case", "any token is a method", ENVOY, NGINX),
            known(THEY_REFUSE, "method unknown", "any token is a method", ENVOY),
            known(
                    WE_REFUSE,
                    "Expect something else",
                    "an expectation nobody here can meet is answered with 417, as the section allows",
                    ENVOY,
                    HAPROXY,
                    NGINX),
            known(
                    WE_REFUSE,
                    "Host empty",
                    "an empty Host leaves nothing to route by; others fall back to a default server",
                    ENVOY,
                    HAPROXY),
            known(WE_REFUSE, "Host with a list", "a list is not a host", HAPROXY),
            known(WE_REFUSE, "Host with a path", "a path is not part of a host", HAPROXY),
            known(WE_REFUSE, "Host with a space", "a space is not part of a host", HAPROXY),
            known(
                    WE_REFUSE,
                    "Host with a user",
                    "a user is not part of a host, and readers differ about what stands before the @",
                    ENVOY,
                    HAPROXY,
                    NGINX),
            known(WE_REFUSE, "Host with a wrong port", "a port has at most 65535", ENVOY, HAPROXY, NGINX),
            known(WE_REFUSE, "NUL in value", "NUL in a value is dangerous and refused", HAPROXY),
            known(
                    WE_REFUSE,
                    "absolute target with user",
                    "a user in a target is an error (RFC 9110 4.2.4)",
                    ENVOY,
                    HAPROXY),
            known(WE_REFUSE, "absolute target, other scheme", "we serve http and https alone", HAPROXY, NGINX),
            known(WE_REFUSE, "asterisk", "it is not refused as bytes: no route has a path that * would match", HAPROXY),
            known(WE_REFUSE, "asterisk for GET", "* is for OPTIONS alone", HAPROXY),
            known(
                    WE_REFUSE,
                    "backslash in target",
                    "a backslash must be escaped; some servers take it for a slash",
                    ENVOY,
                    HAPROXY,
                    NGINX),
            known(WE_REFUSE, "bare CR in value", "a bare CR is invalid or a space; we do not choose", ENVOY),
            known(
                    WE_REFUSE,
                    "bare LF ends a field",
                    "a lone LF is where readers of one message come to see two",
                    ENVOY,
                    HAPROXY,
                    NGINX),
            known(
                    WE_REFUSE,
                    "bare LF everywhere",
                    "taking a lone LF is a MAY that we do not use",
                    ENVOY,
                    HAPROXY,
                    NGINX),
            known(WE_REFUSE, "broken percent escape", "a percent sign needs two hexadecimal digits", ENVOY, HAPROXY),
            known(WE_REFUSE, "byte above 127 in target", "a URI is ASCII", NGINX),
            known(WE_REFUSE, "chunk data ends in LF", "chunk data ends with CRLF", ENVOY, HAPROXY, NGINX),
            known(
                    WE_REFUSE,
                    "chunk data too long",
                    "what follows the data must be CRLF; others pass on what came before",
                    ENVOY),
            known(WE_REFUSE, "chunk line ends in LF", "a chunk line ends with CRLF", HAPROXY, NGINX),
            known(
                    WE_REFUSE,
                    "chunk size with space",
                    "no space belongs behind a size without an extension",
                    ENVOY,
                    HAPROXY,
                    NGINX),
            known(
                    WE_REFUSE,
                    "chunks and length",
                    "both at once is an attempt to smuggle; refusing is what the section advises",
                    HAPROXY),
            known(WE_REFUSE, "chunks in 1.0", "a 1.0 message with a coding is faulty framing", ENVOY, HAPROXY),
            known(WE_REFUSE, "control in value", "a control character in a value is invalid", HAPROXY, NGINX),
            known(WE_REFUSE, "folded line", "obs-fold in a request is refused or replaced; we refuse", ENVOY, HAPROXY),
            known(WE_REFUSE, "fragment in target", "a fragment is never sent", NGINX),
            known(
                    WE_REFUSE,
                    "length and chunks",
                    "both at once is an attempt to smuggle; refusing is what the section advises",
                    HAPROXY),
            known(WE_REFUSE, "length list of equals", "a list of equal lengths may be refused", HAPROXY),
            known(WE_REFUSE, "method then tab", "single spaces part the request line", ENVOY, HAPROXY),
            known(WE_REFUSE, "name above 127", "a name is a token", NGINX),
            known(WE_REFUSE, "name with brackets", "a name is a token", NGINX),
            known(WE_REFUSE, "no Host", "400 is demanded for a request without Host", HAPROXY),
            known(WE_REFUSE, "no colon", "a field needs a colon", NGINX),
            known(WE_REFUSE, "no version", "HTTP/0.9 is not served", ENVOY, NGINX),
            known(WE_REFUSE, "quotes and angles in target", "quotes and angles must be escaped", ENVOY, HAPROXY, NGINX),
            known(WE_REFUSE, "space behind version", "nothing stands behind the version", ENVOY, NGINX),
            known(
                    WE_REFUSE,
                    "trailer folded",
                    "obs-fold in a request is refused or replaced; we refuse",
                    ENVOY,
                    HAPROXY,
                    NGINX),
            known(WE_REFUSE, "trailer without colon", "a trailer is a field and needs a colon", NGINX),
            known(WE_REFUSE, "two Hosts", "400 is demanded for more than one Host", ENVOY),
            known(WE_REFUSE, "two equal Hosts", "400 is demanded for more than one Host, equal or not", ENVOY, HAPROXY),
            known(WE_REFUSE, "two equal lengths", "two equal lengths may be refused", HAPROXY),
            known(WE_REFUSE, "two spaces before target", "single spaces part the request line", ENVOY, HAPROXY, NGINX),
            known(WE_REFUSE, "version 1.0", "a 1.0 message with a coding is faulty framing", ENVOY, HAPROXY),
            known(WE_REFUSE, "version 1.2", "only 1.0 and 1.1 are known to this parser", ENVOY, HAPROXY, NGINX),
            known(WE_REFUSE, "version 2.0", "HTTP/2 does not begin like this; 505", ENVOY, HAPROXY),
            known(WE_REFUSE, "version with two digits", "a version has one digit on each side", NGINX));

    private KnownDifferences() {}

    private static Known known(How how, String twist, String reason, Peer.Kind... peers) {
        if (Twist.ALL.stream().noneMatch(each -> each.name().equals(twist))) {
            throw new IllegalArgumentException("there is no twist " + twist);
        }
        return new Known(how, twist, reason, Set.of(peers));
    }

    /** A sentence about a difference that is not known, or null. */
    static @Nullable String between(Peer.Kind peer, Case each, Outcome ours, Outcome theirs, Set<String> used) {
        How how;
        if (ours.accepts() != theirs.accepts()) {
            how = theirs.accepts() ? WE_REFUSE : THEY_REFUSE;
        } else if (!ours.accepts() || ours.forwarded().equals(theirs.forwarded())) {
            return null;
        } else {
            how = OTHER_MEANING;
        }
        boolean expected = false;
        for (Known known : ALL) {
            if (known.how() == how && known.peers().contains(peer) && each.has(known.twist())) {
                used.add(known.how() + " " + known.twist());
                expected = true;
            }
        }
        return expected
                ? null
                : how + " " + each + "\n  sent "
                        + Peer.text(each.bytes()).replace("\r", "\\r").replace("\n", "\\n") + "\n  ours " + ours
                        + "\n  "
                        + peer + " " + theirs;
    }

    static List<String> unused(Peer.Kind peer, Set<String> used) {
        return ALL.stream()
                .filter(known -> known.peers().contains(peer))
                .map(known -> known.how() + " " + known.twist())
                .filter(known -> !used.contains(known))
                .toList();
    }
}
