package dev.perimeter.proxy.route;

/** What is done so that a request succeeds although one attempt does not. */
public record Resilience() {

    public static final Resilience NONE = new Resilience();
}
