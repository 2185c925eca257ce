package io.headwater.config.yaml;

import java.util.List;

/** A text that is not the YAML expected, with all that is wrong with it. */
public final class FaultyYamlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    FaultyYamlException(List<Fault> faults) {
        super(faults.toString());
        this.faults = List.copyOf(faults);
    }

    FaultyYamlException(int line, String message) {
        this(List.of(new Fault(line, message)));
    }

    /** At least one. */
    public List<Fault> faults() {
        return faults;
    }
}
