package io.headwater.ops;

import io.headwater.config.HeadwaterConfig.ProcessRole;
import io.headwater.ops.source.AdaptationSource;
import java.util.Collection;
import java.util.TreeSet;

/**
 * An adaptation that runs in this process: the file that it was read from, and its roles.
 *
 * @param source the file and what it said
 * @param runtime what its roles share
 * @param metrics their metrics
 * @param roles the roles
 */
record RunningAdaptation(AdaptationSource source, AdaptationRuntime runtime, RoleMetrics metrics, RoleGroup roles) {

    /**
     * Starts roles.
     *
     * @param prefix beginning of what is said of its roles
     */
    static RunningAdaptation start(
            AdaptationSource source,
            AdaptationRuntime runtime,
            RoleMetrics metrics,
            Collection<ProcessRole> names,
            String prefix) {
        if (runtime.hasModel()) {
            metrics.watch(runtime.devices());
            metrics.watch(runtime.featurizer().times());
        }
        RoleGroup roles = new RoleGroup(
                prefix,
                new TreeSet<>(names)
                        .stream()
                                .filter(ProcessRole::isOfAdaptation)
                                .map(name -> runtime.role(name, metrics))
                                .toList());
        roles.start();
        return new RunningAdaptation(source, runtime, metrics, roles);
    }

    /** Returns the name of the adaptation. */
    String name() {
        return runtime.config().name();
    }
}
