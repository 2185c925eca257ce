package io.headwater.standalone.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.domain.Label.Episode;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Payload;
import io.headwater.standalone.data.EpisodeCutter.Cut;
import io.headwater.standalone.data.JsonRows.ObjectCells;
import io.headwater.standalone.data.Rows.Bad;
import io.headwater.standalone.data.Rows.Good;
import io.headwater.standalone.data.Rows.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the experience of actors from JSON Lines. A line is either a transition, with the keys {@code observation},
 * {@code action}, {@code reward} or {@code rewards}, {@code nextObservation}, {@code terminal}, {@code truncated},
 * {@code episodeReturn}, {@code episodeLength} and {@code version}; or a whole episode, with {@code observations},
 * {@code actions}, {@code rewards}, {@code terminal} and {@code version}.
 */
final class TransitionData {
    private final String name;
    private final int steps;
    private final Found found;

    private TransitionData(String name, int steps) {
        this.name = name;
        this.found = new Found(name);
        this.steps = steps;
    }

    /** Reads the transitions in {@code path}; episodes are cut into transitions of {@code steps} steps. */
    static Dataset read(Path path, int steps) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return new TransitionData(String.valueOf(path.getFileName()), steps).read(in);
        }
    }

    private Dataset read(InputStream in) throws IOException {
        Rows rows = new JsonRows(new BoundedLines(Utf8.reader(in)));
        for (Row row = rows.next(); row != null; row = rows.next()) {
            String place = name + ":" + row.line();
            if (row instanceof Bad bad) {
                found.fault(place + ": " + bad.rule());
            } else if (row instanceof Good good && good.cells() instanceof ObjectCells cells) {
                try {
                    List<Step> taken = cells.find("observations").isPresent()
                            ? episode(place, cells)
                            : List.of(transition(place, cells));
                    taken.forEach(step -> found.add(step.id(), step.transition(), step.observation()));
                } catch (IllegalArgumentException e) {
                    found.fault(place + ": " + e.getMessage());
                }
            }
        }
        return found.dataset();
    }

    /** A transition with its observation. */
    private record Step(String id, Payload observation, Transition transition) {}

    private static Step transition(String place, ObjectCells cells) {
        float[] observation = numbers("observation", cells.get("observation"));
        boolean terminal = flag(cells, "terminal");
        float[] next = cells.find("nextObservation")
                .map(cell -> numbers("nextObservation", cell))
                .orElse(new float[0]);
        requireNext(observation.length, next.length, terminal);
        Episode episode = cells.find("episodeReturn")
                .map(cell -> new Episode(number("episodeReturn", cell), length(cells)))
                .orElse(null);
        Transition transition = new Transition(
                action(cells.get("action")),
                cells.find("rewards").map(TransitionData::rewards).orElseGet(() ->
                        new double[] {number("reward", cells.get("reward"))}),
                next,
                terminal,
                flag(cells, "truncated"),
                episode,
                version(cells));
        return new Step(place, new Payload.Tensor(List.of(observation.length), observation), transition);
    }

    private List<Step> episode(String place, ObjectCells cells) {
        JsonNode observations = array("observations", cells.get("observations"));
        JsonNode actions = array("actions", cells.get("actions"));
        double[] rewards = rewards(cells.get("rewards"));
        boolean terminal = flag(cells, "terminal");
        int length = actions.size();
        boolean sees = observations.size() == length + 1 || terminal && observations.size() == length;
        if (rewards.length != length || !sees) {
            throw new IllegalArgumentException(
                    "an episode of %d actions must have as many rewards and one observation more, the last of which may be left out when it is terminal, but has %d rewards and %d observations"
                            .formatted(length, rewards.length, observations.size()));
        }
        EpisodeCutter cutter = new EpisodeCutter(steps);
        List<Step> taken = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            float[] seen = numbers("observation " + i, observations.get(i));
            float[] next = i + 1 < observations.size()
                    ? numbers("observation " + (i + 1), observations.get(i + 1))
                    : new float[0];
            boolean last = i == length - 1;
            requireNext(seen.length, next.length, last && terminal);
            for (Cut cut : cutter.add(
                    seen,
                    action(actions.get(i)),
                    rewards[i],
                    next,
                    last && terminal,
                    last && !terminal,
                    version(cells))) {
                taken.add(new Step(place + "#" + taken.size(), cut.observation(), cut.transition()));
            }
        }
        return taken;
    }

    private static void requireNext(int seen, int next, boolean terminal) {
        if (next != seen && !(terminal && next == 0)) {
            throw new IllegalArgumentException(
                    next == 0
                            ? "a transition must have a nextObservation unless it is terminal, but has none"
                            : "observations must have the same number of numbers, but have %d and %d"
                                    .formatted(seen, next));
        }
    }

    private static String action(JsonNode cell) {
        String action = TableLabels.text("action", cell);
        if (action.isBlank()) {
            throw new IllegalArgumentException("action must be a name or an index, but is blank");
        }
        return action;
    }

    private static float[] numbers(String what, JsonNode cell) {
        float[] values = TableLabels.numbers(array(what, cell));
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "%s must hold finite numbers, but number %d is %s".formatted(what, i, values[i]));
            }
        }
        if (values.length == 0) {
            throw new IllegalArgumentException(what + " must hold at least one number, but is empty");
        }
        return values;
    }

    private static double[] rewards(JsonNode cell) {
        JsonNode array = array("rewards", cell);
        double[] rewards = new double[array.size()];
        for (int i = 0; i < rewards.length; i++) {
            rewards[i] = number("reward " + i, array.get(i));
        }
        if (rewards.length == 0) {
            throw new IllegalArgumentException("rewards must hold at least one number, but are empty");
        }
        return rewards;
    }

    private static double number(String what, JsonNode cell) {
        if (!cell.isNumber() || !Double.isFinite(cell.doubleValue())) {
            throw new IllegalArgumentException(
                    what + " must be a finite number, but is '" + Json.shown(cell.toString()) + "'");
        }
        return cell.doubleValue();
    }

    private static int length(ObjectCells cells) {
        return cells.find("episodeLength")
                .map(cell -> (int) whole("episodeLength", cell, Integer.MAX_VALUE))
                .orElse(0);
    }

    private static @Nullable Long version(ObjectCells cells) {
        return cells.find("version")
                .map(cell -> whole("version", cell, Long.MAX_VALUE))
                .orElse(null);
    }

    private static long whole(String what, JsonNode cell, long most) {
        if (!cell.isIntegralNumber() || !cell.canConvertToLong() || cell.longValue() < 0 || cell.longValue() > most) {
            throw new IllegalArgumentException(
                    what + " must be a whole number from 0, but is '" + Json.shown(cell.toString()) + "'");
        }
        return cell.longValue();
    }

    private static boolean flag(ObjectCells cells, String column) {
        JsonNode cell = cells.find(column).orElse(null);
        if (cell != null && !cell.isBoolean()) {
            throw new IllegalArgumentException(
                    column + " must be true or false, but is '" + Json.shown(cell.toString()) + "'");
        }
        return cell != null && cell.booleanValue();
    }

    private static JsonNode array(String what, JsonNode cell) {
        if (!cell.isArray()) {
            throw new IllegalArgumentException(
                    what + " must be an array, but is '" + Json.shown(cell.toString()) + "'");
        }
        return cell;
    }
}
