package io.headwater.adapt.race;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;

/**
 * Keeps what a contender spends on solving within a number of multiply-adds for each row that it learns, on average. It
 * counts operations instead of seconds, so that what is computed does not depend on the machine or its load. A contender
 * may go into debt, so that each solution is possible, and then waits until rows have paid for it. Not thread-safe.
 */
final class Account {
    /** So many rows of savings are kept. */
    private static final long MOST_ROWS = 1024;

    private final long perRow;
    private long balance;

    private Account(long perRow, long balance) {
        this.perRow = perRow;
        this.balance = balance;
    }

    /** Opens an account. */
    static Account empty(long perRow) {
        return new Account(perRow, 0);
    }

    static Account read(long perRow, SectionReader section) {
        return new Account(perRow, section.value("balance", Long::valueOf));
    }

    void write(SectionWriter section) {
        section.value("balance", balance);
    }

    void earn(long rows) {
        balance = Math.min(MOST_ROWS * perRow, balance + rows * perRow);
    }

    void spend(long operations) {
        balance -= operations;
    }

    /** Returns whether something may be spent. */
    boolean isCovered() {
        return balance >= 0;
    }
}
