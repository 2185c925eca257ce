package io.headwater.config;

import io.headwater.config.yaml.Fault;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration file that cannot be used; its message lists every fault as {@code file:line: message}. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    ConfigurationException(String file, List<Fault> faults) {
        this(
                sorted(faults),
                sorted(faults).stream().map(fault -> fault.in(file)).collect(Collectors.joining("\n")));
    }

    private ConfigurationException(List<Fault> faults, String message) {
        super(message);
        this.faults = faults;
    }

    /** A fault of the configuration as a whole: {@code message} names the thing, the rule, the value and what to do. */
    public static ConfigurationException of(String message) {
        return of("configuration", message);
    }

    /** A fault of {@code file} as a whole. */
    static ConfigurationException of(String file, String message) {
        return new ConfigurationException(file, List.of(new Fault(0, message)));
    }

    /**
     * Faults of several places at once.
     *
     * @param faults at least one, each naming its place, the rule, the value and what to do
     */
    public static ConfigurationException ofAll(List<String> faults) {
        return new ConfigurationException(
                faults.stream().map(fault -> new Fault(0, fault)).toList(), String.join("\n", faults));
    }

    /** All faults, in the order of their lines; at least one. */
    public List<Fault> faults() {
        return faults;
    }

    private static List<Fault> sorted(List<Fault> faults) {
        return faults.stream().sorted(Comparator.comparingInt(Fault::line)).toList();
    }
}
