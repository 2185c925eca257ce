package io.headwater.adapt.drift;

import io.headwater.adapt.state.SectionReader;
import java.util.function.Function;
import java.util.function.Supplier;

/** The detectors of changes in errors, with their default parameters. */
public enum ErrorDetector {
    /** Compares all newer with all older parts of a window of adaptive length. */
    ADWIN(Adwin::new, Adwin::read),
    /** Compares the error rate with its minimum. */
    DDM(Ddm::new, Ddm::read),
    /** Sums what errors exceed their mean by. */
    PAGE_HINKLEY(PageHinkley::new, PageHinkley::read),
    /** Compares the distribution of the newest errors with that of older ones. */
    KSWIN(Kswin::new, Kswin::read);

    private final Supplier<DriftDetector> create;
    private final Function<SectionReader, DriftDetector> read;

    ErrorDetector(Supplier<DriftDetector> create, Function<SectionReader, DriftDetector> read) {
        this.create = create;
        this.read = read;
    }

    /** Returns a detector without samples. */
    public DriftDetector create() {
        return create.get();
    }

    /** Returns a detector that continues from the state in {@code section}. */
    public DriftDetector read(SectionReader section) {
        return read.apply(section);
    }
}
