package io.headwater.manage;

import io.headwater.api.http.Problem;
import io.headwater.board.Board;
import io.headwater.board.LaneStory;
import io.headwater.board.OpenAsk;
import io.headwater.board.VersionRow;
import io.headwater.codec.EventType;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Limits;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Topic;
import io.headwater.ops.CommandDispatch;
import io.headwater.ops.DeadLetterLog;
import io.headwater.ops.DeadLetterLog.Replayed;
import io.headwater.ops.LaneLog;
import io.headwater.ops.SampleSearch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what people decide: commands for lanes, labels of requests, and replays of dead letters. All methods block until the
 * trainer or the brokers have answered, and throw a {@link Problem.Raised} when the decision is not carried out. Safe for use by several
 * threads.
 */
public final class Changes {
    /** The actions that can be decided here; the others change classes or take another lane. */
    public static final Set<Action> ACTIONS = EnumSet.of(
            Action.PROMOTE,
            Action.ROLLBACK,
            Action.PIN,
            Action.UNPIN,
            Action.PAUSE,
            Action.RESUME,
            Action.RETRAIN,
            Action.FORGET);

    private static final Logger LOG = Logger.getLogger(Changes.class);
    private static final int AT_ONCE = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final Set<Action> WITH_VERSION = EnumSet.of(Action.PROMOTE, Action.ROLLBACK, Action.PIN);

    private final Board board;
    private final Semaphore turns = new Semaphore(AT_ONCE);

    /** Creates changes to the lanes of {@code board}. */
    public Changes(Board board) {
        this.board = board;
    }

    /** Carries out a decision. When this method returns, the trainer has done so. */
    public void carryOut(RequestedChange change) {
        String by = text("by", change.by(), Limits.BY);
        String reason = text("reason", change.reason(), Limits.REASON);
        requireSense(change);
        inTurn(() -> {
            requireExpected(change);
            VersionRef version = version(change);
            List<Long> offsets = change.action() == Action.FORGET ? offsets(change) : List.of();
            Command command = new Command(
                    change.lane(), change.action(), version, by, reason, Instant.now(), change.sample(), offsets);
            try {
                new CommandDispatch(board.clients(), board.codec()).carryOut(command, PATIENCE);
            } catch (CommandDispatch.Refused e) {
                throw Problem.of(409, "Refused", String.valueOf(e.getMessage())).raised();
            } catch (IllegalStateException e) {
                throw Problem.of(504, "Not carried out in time", String.valueOf(e.getMessage()))
                        .raised();
            }
            LOG.infof(
                    "change-made lane=%s action=%s by=\"%s\"",
                    change.lane(), change.action().name().toLowerCase(Locale.ROOT), printable(by));
            return true;
        });
    }

    private static void requireSense(RequestedChange change) {
        if (!ACTIONS.contains(change.action())) {
            throw Problem.malformed("action must be one of %s, but is '%s'".formatted(ACTIONS, change.action()))
                    .raised();
        }
        if (change.version() != null && !WITH_VERSION.contains(change.action())) {
            throw Problem.malformed("only %s take a version, but '%s' has one".formatted(WITH_VERSION, change.action()))
                    .raised();
        }
        if (change.sample().isEmpty() == (change.action() == Action.FORGET)
                || change.sample().length() > Limits.ID) {
            throw Problem.malformed("forget, and nothing else, takes the id of a sample of 1 to %d characters"
                            .formatted(Limits.ID))
                    .raised();
        }
    }

    /** Reads what serves from the log: the board may be a moment behind. */
    private void requireExpected(RequestedChange change) {
        Long expected = change.expected();
        if (expected == null) {
            return;
        }
        Serving serving = new LaneLog(board.clients(), board.codec())
                .serving(change.lane()::equals)
                .get(change.lane());
        long now = serving == null ? 0 : serving.version().number();
        if (now != expected) {
            throw Problem.of(
                            409,
                            "Changed meanwhile",
                            "version %d of lane '%s' was expected to serve, but version %d serves now (%s); look again and decide anew"
                                    .formatted(
                                            expected, change.lane(), now, serving == null ? "none" : serving.reason()))
                    .raised();
        }
    }

    private @Nullable VersionRef version(RequestedChange change) {
        Long number = change.version();
        if (number == null) {
            return null;
        }
        return board.content().story(change.lane()).map(LaneStory::versions).orElse(List.of()).stream()
                .map(VersionRow::ref)
                .filter(ref -> ref.number() == number)
                .findFirst()
                .orElseGet(() -> inLog(change.lane(), number));
    }

    private VersionRef inLog(Lane lane, long number) {
        return new LaneLog(board.clients(), board.codec())
                .versions(lane::equals).stream()
                        .map(ModelVersion::ref)
                        .filter(ref -> ref.number() == number)
                        .findFirst()
                        .orElseThrow(() -> new Problem(
                                        404,
                                        "Unknown version",
                                        "lane '%s' has no version %d".formatted(lane, number),
                                        Reason.NO_VERSION)
                                .raised());
    }

    private List<Long> offsets(RequestedChange change) {
        SampleSearch search = SampleSearch.of(
                board.clients(),
                board.codec(),
                new LaneLog(board.clients(), board.codec()),
                change.lane(),
                change.sample());
        if (search.learned().isEmpty()) {
            throw Problem.of(
                            404,
                            "Unknown sample",
                            "lane '%s' has learned no sample with the id '%s', or has forgotten it"
                                    .formatted(change.lane(), change.sample()))
                    .raised();
        }
        return search.learned();
    }

    /** Labels a request that people should label; its label is one class or one text. */
    public void label(Lane lane, String id, String label) {
        OpenAsk ask = board.content()
                .ask(lane, id)
                .orElseThrow(() -> Problem.of(
                                404,
                                "Unknown request",
                                "no request '%s' of lane '%s' waits for a label; it may have one meanwhile"
                                        .formatted(id, lane))
                        .raised());
        LateLabel late = new LateLabel(id, lane.domain(), like(ask.answer(), label), Instant.now());
        Outcome<LateLabel> checked =
                board.codec().decode(EventType.LATE_LABEL, board.codec().encode(EventType.LATE_LABEL, late));
        if (checked instanceof Outcome.Rejected<LateLabel> rejected) {
            throw Problem.of(rejected.rejection()).raised();
        }
        inTurn(() -> {
            send(late);
            return true;
        });
    }

    private static Label like(Label answer, String text) {
        if (answer instanceof Label.ClassLabel) {
            return new Label.ClassLabel(text);
        } else if (answer instanceof Label.Transcript) {
            return new Label.Transcript(text);
        } else if (answer instanceof Label.MultiLabel) {
            return new Label.MultiLabel(text.isBlank() ? Set.of() : Set.of(text.split("\\s*,\\s*")));
        }
        throw Problem.of(
                        new Rejection(
                                Reason.WRONG_KIND,
                                "only classes and transcripts can be given here; send other labels to …/feedback/ID, see docs/api.md"))
                .raised();
    }

    private void send(LateLabel label) throws InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = board.clients().producer()) {
            producer.send(new ProducerRecord<>(
                            board.clients().topics().name(Topic.LABELS),
                            board.clients().topics().partitionOf(label.id()),
                            label.id().getBytes(StandardCharsets.UTF_8),
                            board.codec().encode(EventType.LATE_LABEL, label)))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("the label could not be sent: " + e.getCause(), e);
        }
    }

    /** Sends the record of a dead letter again; a record that was sent again before is not sent once more. */
    public void replay(String id, String by) {
        String who = text("by", by, Limits.BY);
        inTurn(() -> {
            Replayed replayed = new DeadLetterLog(board.clients())
                    .replay(letter -> letter.id().equals(id), false);
            if (!replayed.before().isEmpty()) {
                throw Problem.of(
                                409,
                                "Sent before",
                                "the record of dead letter '%s' was sent again before".formatted(id))
                        .raised();
            }
            if (!replayed.unsendable().isEmpty()) {
                throw Problem.of(
                                409,
                                "Not sendable",
                                "dead letter '%s' has no sample or request that could be sent again".formatted(id))
                        .raised();
            }
            if (replayed.sent().isEmpty()) {
                throw Problem.of(404, "Unknown dead letter", "there is no dead letter '%s'".formatted(id))
                        .raised();
            }
            LOG.infof("change-made letter=%s action=replay by=\"%s\"", id, printable(who));
            return true;
        });
    }

    private <T> T inTurn(Callable<T> change) {
        if (!turns.tryAcquire()) {
            throw Problem.of(
                            429,
                            "Too many changes",
                            "at most %d changes are carried out at a time, and as many are; try again"
                                    .formatted(AT_ONCE))
                    .raised();
        }
        try {
            return change.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(503, "Not available at present", "the service stops; try again")
                    .raised();
        } catch (KafkaException e) {
            LOG.warn("change-failed", e);
            throw Problem.of(503, "Not available at present", "the brokers do not answer; try again")
                    .raised();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            turns.release();
        }
    }

    private static String text(String name, String value, int most) {
        String stripped = value.strip();
        if (stripped.isEmpty() || stripped.length() > most) {
            throw Problem.malformed(
                            "field '%s' must be a text of 1 to %d characters, because it is recorded, but has %d"
                                    .formatted(name, most, stripped.length()))
                    .raised();
        }
        return stripped;
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\"]", "?");
    }
}
