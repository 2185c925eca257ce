package io.headwater.config.yaml;

import java.util.List;

/** Thrown when a text is not the expected YAML; contains all faults. */
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

    /** Returns the faults; at least one. */
    public List<Fault> faults() {
        return faults;
    }
}
