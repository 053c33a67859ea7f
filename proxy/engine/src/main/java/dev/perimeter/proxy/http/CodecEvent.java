package dev.perimeter.proxy.http;

/** What a codec sees that is worth a number and belongs to no exchange. Named as Envoy's codec statistics. */
public enum CodecEvent {
    EMPTY_FRAMES_FLOOD("Connections ended for DATA frames in a row with neither content nor end."),
    PRIORITY_FLOOD("Connections ended for their PRIORITY frames."),
    WINDOW_UPDATE_FLOOD("Connections ended for their WINDOW_UPDATE frames."),
    CONTROL_FLOOD("Connections ended for their SETTINGS, GOAWAY or unknown frames."),
    OUTBOUND_CONTROL_FLOOD("Connections ended because answers to control frames were not read."),
    OUTBOUND_FLOOD("Connections ended because frames were not read."),
    PREMATURE_RESETS("Connections ended because most of their streams were opened to be reset (CVE-2023-44487)."),
    HEADER_OVERFLOW("Heads larger than allowed."),
    MESSAGING_ERROR("Messages and frames that break the protocol."),
    RESET_RECEIVED("RST_STREAM frames received for open streams."),
    RESET_SENT("RST_STREAM frames sent."),
    GOAWAY_SENT("GOAWAY frames sent."),
    STREAM_REFUSED("Streams above the limit on concurrent ones."),
    KEEPALIVE_TIMEOUT("Connections closed because no PING was answered in time.");

    private final String meaning;

    CodecEvent(String meaning) {
        this.meaning = meaning;
    }

    /** One sentence for who reads the number. */
    public String meaning() {
        return meaning;
    }
}
