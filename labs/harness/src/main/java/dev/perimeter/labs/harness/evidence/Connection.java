package dev.perimeter.labs.harness.evidence;

/**
 * One end of a TCP connection, as the kernel lists it.
 *
 * @param local {@code address:port}, IPv4 addresses always in their own form
 * @param state as in the kernel's table, see {@code include/net/tcp_states.h}
 * @param inode joins it to the process that has it open
 */
public record Connection(String local, String remote, State state, long inode) {

    /** States the labs ask for. */
    public enum State {
        ESTABLISHED,
        SYN_SENT,
        LISTEN,
        OTHER
    }

    /** Whether the two are the ends of one connection. */
    public boolean isOtherEndOf(Connection other) {
        return local.equals(other.remote) && remote.equals(other.local);
    }

    /** The address without the port. */
    public String remoteAddress() {
        return remote.substring(0, remote.lastIndexOf(':'));
    }

    /** The port at this end. */
    public int localPort() {
        return Integer.parseInt(local.substring(local.lastIndexOf(':') + 1));
    }

    /** The port at the other end. */
    public int remotePort() {
        return Integer.parseInt(remote.substring(remote.lastIndexOf(':') + 1));
    }
}
