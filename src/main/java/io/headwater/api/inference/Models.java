package io.headwater.api.inference;

import io.headwater.api.http.Caller;
import io.headwater.api.http.Desks;
import io.headwater.api.http.Problem;
import io.headwater.domain.Lane;
import io.headwater.domain.VersionRef;
import io.headwater.online.Desk;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The models of the protocol: the lanes that this process answers, by their {@linkplain LaneNames names}. */
public final class Models {
    /** The name of the server. */
    static final String SERVER = "headwater";

    /** The state of models that a version serves, as the extension for repositories of models has it. */
    static final String READY = "READY";

    private final Desks desks;
    private final String release;

    /** A lane of a desk, and the version that was asked for; null for the one that serves. */
    record Model(Desk desk, String domain, @Nullable Long version) {
        String name() {
            return LaneNames.of(desk.adaptation().name(), domain);
        }
    }

    /** A model and the version that serves. */
    record Serving(String name, long version) {}

    /**
     * Creates the models of {@code desks}.
     *
     * @param release the version of this program
     */
    public Models(Desks desks, String release) {
        this.desks = desks;
        this.release = release;
    }

    /** Returns the version of this program. */
    String release() {
        return release;
    }

    /** Returns whether all lanes that must serve do. */
    boolean areReady() {
        List<Desk> all = desks.all();
        return !all.isEmpty() && all.stream().allMatch(desk -> desk.waits().isEmpty());
    }

    /** Returns the models that a version serves, in the order of their names. */
    List<Serving> serving() {
        return desks.all().stream()
                .flatMap(desk -> desk.serving().entrySet().stream()
                        .map(one -> new Serving(
                                LaneNames.of(desk.adaptation().name(), one.getKey()),
                                one.getValue().number())))
                .sorted(Comparator.comparing(Serving::name))
                .toList();
    }

    /**
     * Returns the model with a name.
     *
     * @param version the number of a version; null or empty for the one that serves
     * @throws Problem.Raised when there is none
     */
    Model of(String name, @Nullable String version) {
        Lane lane = LaneNames.parse(name)
                .orElseThrow(() -> unknown(
                        "the name of a model must be ADAPTATION~DOMAIN, with other bytes than A-Z a-z 0-9 . _ - of the domain as ~ and two hexadecimal digits, but is '%s'"
                                .formatted(name)));
        Desk desk = desks.of(lane.adaptation())
                .orElseThrow(
                        () -> unknown("adaptation '%s' does not run in this process".formatted(lane.adaptation())));
        return new Model(desk, lane.domain(), version == null || version.isEmpty() ? null : Caller.version(version));
    }

    /**
     * Returns the version that serves a model, be it that of its source.
     *
     * @throws Problem.Raised when there is none
     */
    static VersionRef serving(Model model) {
        VersionRef own = model.desk().serving().get(model.domain());
        String source = model.desk().adaptation().source();
        VersionRef serving =
                own == null && source != null ? model.desk().serving().get(source) : own;
        if (serving == null) {
            throw unknown("no version serves model '%s' yet".formatted(model.name()));
        }
        return serving;
    }

    /**
     * Returns the metadata of a model.
     *
     * @throws Problem.Raised when no version serves it
     */
    static ModelMetadata metadata(Model model) {
        long serving = serving(model).number();
        Long version = model.version();
        return ModelMetadata.of(model.name(), version == null ? serving : version, model.desk());
    }

    private static Problem.Raised unknown(String detail) {
        return Problem.of(404, "Unknown model", detail).raised();
    }
}
