package io.headwater.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Codec;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.online.CallResult.Answered;
import io.headwater.online.CallResult.Cause;
import io.headwater.predictor.LetterModel;
import io.headwater.predictor.Letters;
import io.headwater.serving.ServedHeads;
import io.headwater.serving.ServingListener;
import io.headwater.serving.ServingSetup;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import io.headwater.testing.Await;
import io.headwater.testing.MemoryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Version 3 serves the domain shop, and version 4 is its challenger; every answer of version N is the class {@code vN}. */
@Timeout(60)
class ShadowsTest {
    private static final Lane SHOP = new Lane(Letters.ADAPTATION, "shop");
    private static final int SMALL = 10;

    private final MemoryStore store = new MemoryStore();
    private final Map<Long, VersionRef> versions = new ConcurrentHashMap<>();
    private final Map<Cause, Integer> drops = new HashMap<>();
    /** Ids of answered requests, and of those that the challenger answered, in order. */
    private final List<String> happened = new ArrayList<>();

    private final List<Prediction> shadowAnswers = new ArrayList<>();
    private final Semaphore permits = new Semaphore(1);
    private final CallQueue queue = new CallQueue(CallQueue.MOST, OnlineSettings.USUAL_WAIT, "closed");
    private @Nullable Exception fault;
    private boolean isFull;
    private int written;
    private ServingSetup setup;
    private ServedHeads heads;
    private PinnedHeads pinned;
    private PinnedHeads challengers;
    private Shadows shadows;
    private Turns turns;

    @BeforeEach
    void open() {
        LetterModel model = new LetterModel();
        setup = new ServingSetup(
                Letters.config(),
                LetterModel.DIGEST,
                LetterModel.HEADS,
                store,
                new Codec(100_000),
                new Featurizer(new Task(model, LetterModel.GOAL), model, new FeatureCache(0)),
                LetterModel.GOAL,
                Clock.systemUTC(),
                ServingListener.NONE);
        heads = new ServedHeads(setup);
        heads.announced(SHOP, new Serving(publish(3), null, DecidedBy.GATE, "test", false, Instant.EPOCH));
        heads.settled();
        heads.swap();
        pinned = pinned();
        challengers = pinned();
        queue.open();
        challenge(new Shadow(SHOP, 4, 1));
    }

    private PinnedHeads pinned() {
        return new PinnedHeads(setup, (lane, number) -> versions.get(number), Duration.ofHours(1), head -> {});
    }

    private VersionRef publish(long number) {
        Digest artifact = store.put(Letters.head(number).toBytes());
        VersionRef version = new VersionRef(SHOP, number, artifact, artifact);
        versions.put(number, version);
        return version;
    }

    private void challenge(Shadow shadow) {
        Shadows.Log log = (answer, trace, done) -> {
            if (isFull) {
                return false;
            }
            happened.add("shadow of " + answer.requestId());
            shadowAnswers.add(answer);
            done.accept(fault);
            return true;
        };
        OnlineListener listener = new OnlineListener() {
            @Override
            public void shadowed() {
                written++;
            }

            @Override
            public void shadowDropped(Cause cause) {
                drops.merge(cause, 1, Integer::sum);
            }
        };
        shadows = new Shadows(setup, List.of(shadow), heads, challengers, log, listener);
        Batches batches = new Batches(setup, heads, pinned, this::answered, OnlineListener.NONE);
        turns = new Turns(queue, pinned, batches, shadows, permits);
    }

    /** What the log does when it has written answers. */
    private void answered(Call call, List<Outcome<Prediction>> outcomes) {
        call.result().complete(new Answered(outcomes));
        for (int i = 0; i < outcomes.size(); i++) {
            Request request = call.requests().get(i);
            happened.add(request.id());
            if (outcomes.get(i) instanceof Outcome.Ok<Prediction> ok) {
                shadows.answered(call, request, ok.value(), SMALL);
            }
        }
    }

    @AfterEach
    void close() {
        shadows.close();
        challengers.close();
        pinned.close();
        heads.close();
    }

    private Call ask(String domain, @Nullable Long version, String... ids) {
        Call call = Call.of(
                domain,
                version,
                List.of(ids).stream()
                        .map(id -> new Request(id, new Payload.Text("text " + id), Instant.EPOCH))
                        .toList(),
                System.nanoTime() + Duration.ofMinutes(1).toNanos());
        queue.add(call);
        return call;
    }

    private void next() {
        try {
            turns.next(Duration.ofMillis(1));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes turns until all that was chosen was answered by the challenger or dropped. */
    private void settle(int chosen) {
        Await.until("the challenger", () -> {
            next();
            return written + drops.values().stream().mapToInt(one -> one).sum() == chosen;
        });
    }

    private static List<Prediction> answers(Call call) {
        return ((Answered) call.result().join())
                .outcomes().stream()
                        .map(outcome -> ((Outcome.Ok<Prediction>) outcome).value())
                        .toList();
    }

    @Test
    void shouldAskTheChallengerBehindTheAnswerAndNeverShowItToTheCaller() {
        publish(4);
        Call two = ask("shop", null, "1", "2");
        Call one = ask("shop", null, "3");
        settle(3);

        assertThat(happened).containsExactly("1", "2", "3", "shadow of 1", "shadow of 2", "shadow of 3");
        for (Call call : List.of(two, one)) {
            assertThat(answers(call)).allSatisfy(answer -> {
                assertThat(answer.label()).isEqualTo("v3");
                assertThat(answer.shadow()).isFalse();
            });
        }
        assertThat(shadowAnswers).allSatisfy(answer -> {
            assertThat(answer.label()).isEqualTo("v4");
            assertThat(answer.version()).isEqualTo(versions.get(4L));
            assertThat(answer.shadow()).isTrue();
        });
        assertThat(drops).isEmpty();
    }

    /** Whatever waits for the challenger, a call that comes is answered at the next turn. */
    @Test
    void shouldAskTheChallengerOnlyWhileNobodyWaits() {
        publish(4);
        ask("shop", null, "first");
        settle(1);
        ask("shop", null, IntStream.range(0, 20).mapToObj(i -> "a" + i).toArray(String[]::new));
        next();
        happened.clear();

        for (int i = 0; i < 5; i++) {
            next();
            ask("shop", 3L, "b" + i);
            next();
        }

        assertThat(happened)
                .containsExactly(
                        "shadow of a0",
                        "b0",
                        "shadow of a1",
                        "b1",
                        "shadow of a2",
                        "b2",
                        "shadow of a3",
                        "b3",
                        "shadow of a4",
                        "b4");
        settle(21);
    }

    @Test
    void shouldLeaveTheTurnToOthers() throws InterruptedException {
        publish(4);
        ask("shop", null, "1");
        next();
        permits.acquire();
        for (int i = 0; i < 5; i++) {
            next();
        }
        assertThat(happened).containsExactly("1");
        assertThat(shadows.areWaiting()).isTrue();

        permits.release();
        settle(1);
        assertThat(happened).containsExactly("1", "shadow of 1");
    }

    @Test
    void shouldBoundWhatWaitsAndCountWhatIsDropped() {
        publish(4);
        Call call = ask("shop", null, "1");
        next();
        Prediction answer = answers(call).get(0);
        for (int i = 1; i < Shadows.MOST + 7; i++) {
            shadows.answered(call, call.requests().get(0), answer, SMALL);
        }
        assertThat(drops).containsExactly(Map.entry(Cause.FULL, 7));

        settle(Shadows.MOST + 7);
        assertThat(written).isEqualTo(Shadows.MOST);
        shadows.answered(call, call.requests().get(0), answer, SMALL);
        settle(Shadows.MOST + 8);
        assertThat(written).isEqualTo(Shadows.MOST + 1);
    }

    @Test
    void shouldBoundTheSizeOfWhatWaits() {
        publish(4);
        Call call = ask("shop", 3L, "1");
        next();
        Call unnamed = Call.of("shop", null, call.requests(), 0);
        Request request = call.requests().get(0);
        Prediction answer = answers(call).get(0);

        shadows.answered(unnamed, request, answer, (int) Shadows.MOST_BYTES + 1);
        shadows.answered(unnamed, request, answer, 1);
        assertThat(drops).containsExactly(Map.entry(Cause.FULL, 1));

        settle(2);
        shadows.answered(unnamed, request, answer, (int) Shadows.MOST_BYTES - 1);
        shadows.answered(unnamed, request, answer, 1);
        shadows.answered(unnamed, request, answer, 1);
        settle(5);
        assertThat(written).isEqualTo(3);
    }

    @Test
    void shouldDropWhatAVersionThatDoesNotExistShouldAnswer() {
        Call call = ask("shop", null, "1", "2");
        settle(2);

        assertThat(drops).containsExactly(Map.entry(Cause.UNKNOWN_VERSION, 2));
        assertThat(answers(call)).extracting(Prediction::label).containsExactly("v3", "v3");
    }

    @Test
    void shouldDropWhatCannotBeWritten() {
        publish(4);
        fault = new TimeoutException("no broker");
        ask("shop", null, "1");
        settle(1);
        assertThat(drops).containsExactly(Map.entry(Cause.AWAY, 1));

        isFull = true;
        ask("shop", null, "2");
        settle(2);
        assertThat(drops).containsEntry(Cause.FULL, 1);
    }

    @Test
    void shouldNotChallengeAVersionThatWasNamedNorTheChampionByItselfNorOtherLanes() {
        publish(4);
        ask("shop", 3L, "named");
        ask("cafe", null, "another lane");
        next();
        challenge(new Shadow(SHOP, 3, 1));
        ask("shop", null, "by itself");
        next();
        challenge(new Shadow(new Lane("another", "shop"), 4, 1));
        ask("shop", null, "of another adaptation");
        next();

        assertThat(happened).containsExactly("named", "another lane", "by itself", "of another adaptation");
        assertThat(shadows.areWaiting()).isFalse();
    }
}
