package dev.perimeter.proxy.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which streams go when memory is short. */
class StreamAccountsTest {

    private static final int LEAST = 10;

    private final StreamAccounts accounts = new StreamAccounts(LEAST);
    private final List<Long> reset = new ArrayList<>();

    private final class Account extends StreamAccount {

        private long bytes;

        Account(long bytes) {
            this.bytes = bytes;
            accounts.add(this);
        }

        @Override
        public long bufferedBytes() {
            return bytes;
        }

        @Override
        public void reset() {
            reset.add(bytes);
            bytes = 0;
        }
    }

    @Test
    void theMoreMemoryIsShort_theSmallerStreamsGo_andNeverThoseBelowTheLeast() {
        for (int power = LEAST - 1; power <= LEAST + 9; power++) {
            Account ignored = new Account(1L << power);
        }

        // From 2^17 on all are of the largest class.
        assertThat(accounts.reset(0.01)).isEqualTo(3);
        assertThat(reset).containsExactlyInAnyOrder(1L << 17, 1L << 18, 1L << 19);
        assertThat(accounts.reset(0.13)).isEqualTo(1);
        assertThat(reset).endsWith(1L << 16);
        assertThat(accounts.reset(1)).isEqualTo(6);
        assertThat(reset).endsWith(1L << 15, 1L << 14, 1L << 13, 1L << 12, 1L << 11, 1L << 10);
        assertThat(accounts.reset(1)).isZero();
    }

    @Test
    void onlySoManyGoAtOnce_theLargestFirst() {
        for (int i = 0; i < 60; i++) {
            Account small = new Account(1024);
            Account large = new Account(4096);
            if (i % 2 == 0) {
                accounts.remove(small);
            }
        }

        assertThat(accounts.reset(1)).isEqualTo(StreamAccounts.MOST_AT_ONCE);
        assertThat(reset).containsOnly(4096L);
        assertThat(accounts.reset(1)).isEqualTo(10 + 30);
        assertThat(accounts.reset(1)).isZero();
    }
}
