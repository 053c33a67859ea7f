package dev.perimeter.proxy.filters.gzip;

import dev.perimeter.proxy.http.Headers;

/** What a client says of the codings it takes (RFC 9110 section 12.5.3). */
public final class AcceptEncoding {

    private AcceptEncoding() {}

    /** Whether gzip is taken, and rather so than the content as it is. Without the field, content stays as it is. */
    public static boolean prefersGzip(Headers headers) {
        int gzip = -1;
        int identity = -1;
        int any = -1;
        for (int i = headers.indexOf("accept-encoding", 0); i >= 0; i = headers.indexOf("accept-encoding", i + 1)) {
            for (String element : headers.value(i).split(",", -1)) {
                int end = element.indexOf(';');
                String coding = (end < 0 ? element : element.substring(0, end)).trim();
                int weight = end < 0 ? 1000 : weight(element.substring(end + 1));
                if (coding.equalsIgnoreCase("gzip") || coding.equalsIgnoreCase("x-gzip")) {
                    gzip = Math.max(gzip, weight);
                } else if (coding.equalsIgnoreCase("identity")) {
                    identity = weight;
                } else if (coding.equals("*")) {
                    any = weight;
                }
            }
        }
        int wanted = gzip < 0 ? any : gzip;
        // Where identity is not named it is acceptable, but nobody asked for it.
        return wanted > 0 && wanted >= identity;
    }

    /** {@code q=0.8} as thousandths (RFC 9110 section 12.4.2); what is no weight counts as none given, a zero as a zero. */
    private static int weight(String parameters) {
        for (String parameter : parameters.split(";", -1)) {
            String trimmed = parameter.trim();
            if (trimmed.length() > 2 && trimmed.regionMatches(true, 0, "q=", 0, 2)) {
                String number = trimmed.substring(2);
                if (!number.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?")) {
                    return 0;
                }
                return (int) Math.round(Double.parseDouble(number) * 1000);
            }
        }
        return 1000;
    }
}
