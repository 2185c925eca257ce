package io.headwater.config;

import io.headwater.config.yaml.Fault;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown when a configuration cannot be used. The message lists every fault as {@code file:line: message}. */
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

    /**
     * Creates an exception for a fault of the whole configuration. The {@code message} names the setting, the violated
     * rule, the value and the remedy.
     */
    public static ConfigurationException of(String message) {
        return of("configuration", message);
    }

    /** Creates an exception for a fault of the whole {@code file}. */
    static ConfigurationException of(String file, String message) {
        return new ConfigurationException(file, List.of(new Fault(0, message)));
    }

    /**
     * Creates an exception for faults in several places.
     *
     * @param faults at least one; each names its place, the violated rule, the value and the remedy
     */
    public static ConfigurationException ofAll(List<String> faults) {
        return new ConfigurationException(
                faults.stream().map(fault -> new Fault(0, fault)).toList(), String.join("\n", faults));
    }

    /** Returns all faults in the order of their lines; at least one. */
    public List<Fault> faults() {
        return faults;
    }

    private static List<Fault> sorted(List<Fault> faults) {
        return faults.stream().sorted(Comparator.comparingInt(Fault::line)).toList();
    }
}
