package io.headwater.adapt.race;

import io.headwater.adapt.judge.SequentialTest;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import java.util.ArrayList;
import java.util.List;

/** The sequential tests of several contenders, each against the same leader. Not thread-safe. */
final class ContenderTests {
    private static final String SECTION = "tests";

    private final double smallestEffect;
    private final List<SequentialTest> tests;

    private ContenderTests(double smallestEffect, List<SequentialTest> tests) {
        this.smallestEffect = smallestEffect;
        this.tests = tests;
    }

    /** Begins the tests of so many contenders. */
    static ContenderTests begin(double smallestEffect, int contenders) {
        List<SequentialTest> tests = new ArrayList<>();
        for (int i = 0; i < contenders; i++) {
            tests.add(new SequentialTest(smallestEffect));
        }
        return new ContenderTests(smallestEffect, tests);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param names the names of the contenders
     */
    static ContenderTests read(List<String> names, double smallestEffect, SectionReader section) {
        List<SequentialTest> tests = new ArrayList<>();
        for (String name : names) {
            tests.add(
                    SequentialTest.read(smallestEffect, section.section(SECTION).section(name)));
        }
        return new ContenderTests(smallestEffect, tests);
    }

    void write(List<String> names, SectionWriter section) {
        for (int i = 0; i < tests.size(); i++) {
            tests.get(i).write(section.section(SECTION).section(names.get(i)));
        }
    }

    /** Forgets what was compared, because another one leads. */
    void restart() {
        tests.replaceAll(former -> new SequentialTest(smallestEffect));
    }

    int size() {
        return tests.size();
    }

    SequentialTest get(int contender) {
        return tests.get(contender);
    }
}
