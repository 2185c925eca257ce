package io.headwater.online;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelInput;
import io.headwater.domain.Lane;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.Request;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.ServingTable;
import io.headwater.online.CallResult.TurnedAway;
import io.headwater.role.RoleControl;
import io.headwater.role.RoleState;
import io.headwater.role.ThreadRole;
import io.headwater.serving.CatchingUp;
import io.headwater.serving.ServedHeads;
import io.headwater.serving.ServingSetup;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers callers who wait, in micro-batches of all that wait. Like the predictor, it follows the serving topic and replaces heads only
 * between two batches; unlike it, it reads no requests from a topic.
 */
public final class OnlinePredictor extends ThreadRole implements Desk {
    private static final Duration POLL = Duration.ofMillis(50);
    /** A challenger that does not exist is asked by every request, and searching for it reads a whole partition. */
    private static final Duration CHALLENGER_RECHECK = Duration.ofMinutes(1);

    private static final String STOPS = "the service stops; try again";

    private final OnlineSetup setup;
    private final CallQueue queue;
    private final LabelSender labels;
    private final List<Lane> required;
    private final Codec codec;
    private volatile @Nullable ServingTable table;
    private volatile List<String> missing = List.of("the serving topic");

    /** A role that does nothing until it is started. When it is stopped, it ends after the current batch. */
    public OnlinePredictor(OnlineSetup setup) {
        super("api", setup.group(), setup.instance());
        this.setup = setup;
        // Without a registry: what a caller sends has no schema of its own.
        this.codec = new Codec(setup.clients().topics().maxRecordBytes());
        this.queue = new CallQueue(
                setup.settings().queue(),
                setup.settings().longest(),
                "adaptation '%s' does not answer yet: it reads which versions serve; try again"
                        .formatted(setup.serving().config().name()));
        this.labels = new LabelSender(setup.clients(), setup.serving().codec());
        this.required = setup.settings().required().stream()
                .filter(lane ->
                        lane.adaptation().equals(setup.serving().config().name()))
                .toList();
    }

    @Override
    protected void work(RoleControl control) throws InterruptedException {
        ServingSetup with = setup.serving();
        LaneEvents events = new LaneEvents(with.codec());
        WarmUp warming = new WarmUp(with);
        PinnedHeads.Search search = PinnedHeads.inLog(setup.clients(), events);
        ServedHeads heads = new ServedHeads(with, warming);
        try (ServingTable table = new ServingTable(setup.clients(), events, heads);
                PinnedHeads pinned = new PinnedHeads(with, search, PinnedHeads.RECHECK, warming);
                PinnedHeads challengers = new PinnedHeads(with, search, CHALLENGER_RECHECK, warming)) {
            if (CatchingUp.await(control, table)) {
                this.table = table;
                answerAll(control, table, heads, pinned, challengers);
            }
        } finally {
            queue.close(STOPS);
            labels.close();
            heads.close();
        }
    }

    private void answerAll(
            RoleControl control, ServingTable table, ServedHeads heads, PinnedHeads pinned, PinnedHeads challengers)
            throws InterruptedException {
        ServingSetup with = setup.serving();
        AnswerRecords records = new AnswerRecords(setup.clients(), with.codec());
        OnlineSettings settings = setup.settings();
        try (RecordSender sender = new RecordSender(setup.clients(), "headwater-api-shadows", Shadows.MOST);
                Shadows shadows = new Shadows(
                        with,
                        settings.shadows(),
                        heads,
                        challengers,
                        (answer, trace, written) -> sender.send(() -> records.answer(answer, trace), written),
                        setup.listener());
                AnswerLog log = settings.isLogged() ? log(records, shadows) : null) {
            Answers answers = log == null ? Answers.TO_CALLER : log;
            Batches batches = new Batches(with, heads, pinned, answers, setup.listener());
            answerAll(control, table, heads, new Turns(queue, pinned, batches, shadows, setup.turns()));
        }
    }

    private AnswerLog log(AnswerRecords records, AnswerLog.Listener listener) {
        return new AnswerLog(
                setup.clients(),
                records,
                setup.group() + "-" + setup.instance(),
                setup.settings().queue(),
                listener);
    }

    private void answerAll(RoleControl control, ServingTable table, ServedHeads heads, Turns turns)
            throws InterruptedException {
        heads.swap();
        report(control, heads);
        queue.open();
        while (!control.isStopping()) {
            table.requireAlive();
            heads.swap();
            report(control, heads);
            turns.next(POLL);
            control.progressed();
        }
    }

    /** Says what the role waits for. */
    private void report(RoleControl control, ServedHeads heads) {
        List<String> absent = required.stream()
                .filter(lane -> heads.mustWait(lane.domain()) || !heads.isServed(lane.domain()))
                .map(lane ->
                        "a version that serves lane '%s', which headwater.api.required-lanes names".formatted(lane))
                .toList();
        missing = absent;
        if (!absent.isEmpty()) {
            control.waiting(String.join("; ", absent));
        } else if (control.state() != RoleState.RUNNING) {
            control.running();
        }
    }

    @Override
    public AdaptationConfig adaptation() {
        return setup.serving().config();
    }

    @Override
    public BaseModelInput input() {
        return setup.input();
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
        return labels.send(label);
    }

    @Override
    public void ask(Call call) {
        call.result().thenAccept(result -> {
            if (result instanceof TurnedAway away) {
                setup.listener().turnedAway(away.cause());
            }
        });
        queue.add(call);
    }

    @Override
    public Map<String, VersionRef> serving() {
        ServingTable known = table;
        if (known == null) {
            return Map.of();
        }
        String adaptation = setup.serving().config().name();
        return known.all().stream()
                .map(Serving::version)
                .filter(version -> version.lane().adaptation().equals(adaptation))
                .collect(Collectors.toMap(version -> version.lane().domain(), version -> version, (a, b) -> b));
    }

    @Override
    public List<String> waits() {
        return missing;
    }
}
