package io.headwater.online;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelInput;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.Request;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import io.headwater.engine.TestModels;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.online.CallResult.TurnedAway;
import io.headwater.predictor.LetterModel;
import io.headwater.predictor.Letters;
import io.headwater.serving.ServedHeads;
import io.headwater.serving.ServingListener;
import io.headwater.serving.ServingSetup;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import io.headwater.testing.MemoryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * A desk without brokers: versions serve when the test says so. Every answer of version N is the class {@code vN}, so that answers tell
 * which head gave them.
 */
public final class TestDesk implements Desk, AutoCloseable {
    private static final int MAX_RECORD_BYTES = 100_000;

    private final AdaptationConfig config = Letters.config();
    private final MemoryStore store = new MemoryStore();
    private final Codec codec = new Codec(MAX_RECORD_BYTES);
    private final LetterModel model = new LetterModel();
    private final CallQueue queue;
    private final ServedHeads heads;
    private final PinnedHeads pinned;
    private final Batches batches;
    private final Map<String, VersionRef> serving = new ConcurrentHashMap<>();
    private final Map<String, VersionRef> versions = new ConcurrentHashMap<>();
    private final List<LateLabel> labels = new CopyOnWriteArrayList<>();
    private final Semaphore turns = new Semaphore(1);
    private final Semaphore taken = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** Starts a desk at which {@code capacity} requests may wait. */
    public TestDesk(int capacity) {
        ServingSetup setup = new ServingSetup(
                config,
                LetterModel.DIGEST,
                LetterModel.HEADS,
                store,
                codec,
                new Featurizer(new Task(model, LetterModel.GOAL), model, new FeatureCache(0)),
                LetterModel.GOAL,
                Clock.systemUTC(),
                ServingListener.NONE);
        WarmUp warming = new WarmUp(setup);
        this.queue = new CallQueue(capacity, OnlineSettings.USUAL_WAIT, "it starts");
        this.heads = new ServedHeads(setup, warming);
        this.pinned = new PinnedHeads(
                setup, (lane, number) -> versions.get(lane.domain() + "@" + number), PinnedHeads.RECHECK, warming);
        this.batches = new Batches(setup, heads, pinned, Answers.TO_CALLER, OnlineListener.NONE);
        this.thread = new Thread(this::work, "test-desk");
        queue.open();
        thread.start();
    }

    private void work() {
        try {
            while (closing.getCount() > 0) {
                heads.swap();
                List<Call> calls = new ArrayList<>(pinned.settle());
                if (calls.isEmpty()) {
                    calls.addAll(queue.take(Duration.ofMillis(5)));
                }
                if (!calls.isEmpty()) {
                    taken.release(calls.size());
                    turns.acquire();
                    batches.answer(calls);
                    turns.release();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets a version serve a domain, and keeps it in the log. */
    public void serve(String domain, long number) {
        Digest artifact = store.put(Letters.head(number).toBytes());
        serve(domain, number, artifact);
    }

    /** Lets a version serve whose artifact the store does not have. */
    public void serveMissing(String domain, long number) {
        serve(domain, number, Digest.of(new byte[] {1, 2, 3}));
    }

    private synchronized void serve(String domain, long number, Digest artifact) {
        Lane lane = new Lane(config.name(), domain);
        VersionRef version = new VersionRef(lane, number, artifact, artifact);
        versions.put(domain + "@" + number, version);
        serving.put(domain, version);
        heads.announced(lane, new Serving(version, null, DecidedBy.GATE, "test", false, Instant.EPOCH));
        heads.settled();
    }

    /** Keeps the desk from answering until {@link #release}. */
    public void hold() throws InterruptedException {
        turns.acquire();
        taken.drainPermits();
    }

    /** Waits until a call is no longer in the queue, since it was held. */
    public void awaitTaken() throws InterruptedException {
        taken.acquire();
    }

    /** Answers from now on. */
    public void release() {
        turns.release();
    }

    /** Turns calls away from now on, as a desk that starts or stops does. */
    public void shut(String why) {
        queue.close(why);
    }

    @Override
    public AdaptationConfig adaptation() {
        return config;
    }

    @Override
    public BaseModelInput input() {
        return TestModels.miniLm().input();
    }

    @Override
    public Outcome<Request> check(Request request) {
        return codec.decode(EventType.REQUEST, codec.encode(EventType.REQUEST, request));
    }

    @Override
    public Outcome<LateLabel> check(LateLabel label) {
        return codec.decode(EventType.LATE_LABEL, codec.encode(EventType.LATE_LABEL, label));
    }

    @Override
    public CompletableFuture<Optional<TurnedAway>> label(LateLabel label) {
        labels.add(label);
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** Returns the labels that callers sent. */
    public List<LateLabel> labels() {
        return List.copyOf(labels);
    }

    @Override
    public void ask(Call call) {
        queue.add(call);
    }

    @Override
    public Map<String, VersionRef> serving() {
        return Map.copyOf(serving);
    }

    @Override
    public List<String> waits() {
        return List.of();
    }

    @Override
    public void close() throws InterruptedException {
        closing.countDown();
        thread.join();
        queue.close("it stops");
        pinned.close();
        heads.close();
    }
}
