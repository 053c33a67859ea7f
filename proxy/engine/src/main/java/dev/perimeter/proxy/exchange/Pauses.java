package dev.perimeter.proxy.exchange;

/** Several reasons not to read, of which each must be gone before reading goes on. */
final class Pauses {

    static final int UPSTREAM = 1;
    static final int CLIENT = 2;
    static final int FILTER = 4;

    private int reasons;

    /** Answers whether reading has to stop or may start again now, i.e. whether this changed anything. */
    boolean change(int reason, boolean on) {
        boolean before = reasons != 0;
        reasons = on ? reasons | reason : reasons & ~reason;
        return before != (reasons != 0);
    }

    boolean any() {
        return reasons != 0;
    }
}
