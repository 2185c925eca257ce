package io.headwater.standalone;

import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Lane;
import io.headwater.domain.Prediction;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.KafkaSettings;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.role.Role;
import io.headwater.standalone.DemoAct.Answered;
import io.headwater.standalone.LateReport.DomainReport;
import io.headwater.standalone.data.Item;
import io.headwater.streams.JoinEvent;
import io.headwater.streams.StreamsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The second act of the demo: what was right is known late, and only for a few requests. The messages of a hotel and of a clinic
 * are asked one after another, at first of a model that only knows a bike shop. Their labels are sent to the topic of labels some
 * time after the requests, and not before the answers, for one request in a few, and the role {@code streams} joins them. Beside
 * each of these lanes runs another one with the same messages, which gets every label at once, on the same way. A slow machine is
 * asked more slowly, so that answers, labels and their joins keep up.
 */
public final class LateDemo {
    private static final List<String> DOMAINS = List.of("hotel", "clinic");
    private static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** How much later than planned a label may come. */
    private static final Duration GRACE = Duration.ofSeconds(30);
    /**
     * Maximum number of requests without an answer and labels that are not joined: those of some seconds. Otherwise requests would wait
     * for their answers on a slow machine until the time of their labels is over.
     */
    static final int AHEAD = 96;
    /** Number of answers of the accuracy that is shown while the demo runs. */
    private static final int RECENT = 40;

    private final Path folder;
    private final LatePlan plan;
    private final DemoView view;
    private final AdaptationConfig config;
    private final List<Item> source;
    private final List<LateHouse> houses = new ArrayList<>();
    private final AtomicInteger lateLabels = new AtomicInteger();
    private final AtomicInteger labelsAtOnce = new AtomicInteger();

    /**
     * Creates a demo.
     *
     * @param folder folder for broker data, artifacts and the state of the join
     */
    public LateDemo(Path folder, LatePlan plan, DemoView view) throws IOException {
        this.folder = folder;
        this.plan = plan;
        this.view = view;
        this.config = DemoFiles.adaptation();
        this.source = DemoFiles.messages(sourceDomain()).subList(0, plan.source());
        for (String domain : DOMAINS) {
            houses.add(LateHouse.of(domain, plan));
        }
    }

    private String sourceDomain() {
        String domain = config.source();
        if (domain == null) {
            throw new IllegalStateException("the adaptation of the demo has no source");
        }
        return domain;
    }

    /** Runs the demo to its end. */
    public LateReport run() throws Exception {
        long start = System.nanoTime();
        view.stage("starting a Kafka broker and loading the pre-trained encoder");
        try (EmbeddedBroker broker = EmbeddedBroker.startIn(folder.resolve("kafka"))) {
            RuntimeSettings settings = RuntimeSettings.local(
                            KafkaSettings.of(broker.bootstrapServers()), folder.resolve("artifacts"), PARTITIONS)
                    .withStreams(new StreamsSettings(
                            folder.resolve("streams"),
                            1,
                            0,
                            plan.delay().plus(GRACE),
                            StreamsSettings.USUAL_EARLY,
                            StreamsSettings.USUAL_WINDOW));
            try (AdaptationRuntime runtime = AdaptationRuntime.open(config, settings)) {
                runtime.ensureTopics();
                return run(runtime, start);
            }
        }
    }

    private LateReport run(AdaptationRuntime runtime, long start) throws Exception {
        DemoWatch watch = new DemoWatch(new StagesOnly(view));
        JoinCounts joins = new JoinCounts(view);
        List<Role> roles = List.of(runtime.trainer(watch), runtime.predictor(watch), runtime.streams(joins));
        roles.forEach(Role::start);
        watch.guard(() -> DemoRoles.requireHealthy(roles));
        ScheduledThreadPoolExecutor later =
                new ScheduledThreadPoolExecutor(1, work -> new Thread(work, "headwater-demo-labels"));
        later.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        try (SampleProducer producer = new SampleProducer(runtime.clients(), runtime.codec(), Clock.systemUTC());
                DemoAnswers answers = DemoAnswers.read(runtime, PARTITIONS, one -> answered(one, producer, later))) {
            learnTheSource(producer, watch);
            ask(producer, watch, joins);
            watch.await(
                    "all answers",
                    PATIENCE,
                    () -> acts().allMatch(act -> act.answers().size() == plan.requests()));
            // A label that is being sent is not interrupted.
            later.shutdown();
            later.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            producer.flush();
            watch.await("all labels to be learned", PATIENCE, () -> isLearned(watch, joins));
        } finally {
            later.shutdownNow();
            DemoRoles.end(roles);
        }
        double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        LateReport report = report(runtime, watch, joins, seconds);
        view.finished();
        return report;
    }

    /** All that the model knows at first, and all at once. */
    private void learnTheSource(SampleProducer producer, DemoWatch watch) throws InterruptedException {
        view.stage("learning the messages of the " + sourceDomain());
        for (Item item : source) {
            producer.sample(sourceDomain(), item.id(), item.payload(), item.label());
        }
        producer.flush();
        Lane lane = new Lane(config.name(), sourceDomain());
        watch.await("the messages of the source to be learned", PATIENCE, () -> watch.samples(lane) == source.size());
        watch.awaitServing(lane, PATIENCE);
    }

    private void ask(SampleProducer producer, DemoWatch watch, JoinCounts joins) throws InterruptedException {
        for (LateHouse house : houses) {
            String title = house.late().title();
            view.actBegins(
                    title,
                    "the messages of the %s; labels come %s late, for 1 request in %d"
                            .formatted(title, minutes(plan.delay()), plan.oneIn()),
                    plan.requests());
            view.actBegins(house.atOnce().title(), "the same messages; all labels come at once", plan.requests());
        }
        long start = System.nanoTime();
        long step = (long) (TimeUnit.SECONDS.toNanos(1) / plan.rate() / houses.size());
        long next = start;
        for (int number = 0; number < plan.requests(); number++) {
            for (LateHouse house : houses) {
                watch.await("answers and joined labels", PATIENCE, () -> ahead(joins) < AHEAD);
                house.ask(number, producer);
                // Time that was lost by waiting is not made up for.
                next = Math.max(next + step, System.nanoTime());
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
                view.standing(standing(Duration.ofNanos(System.nanoTime() - start)));
            }
        }
        producer.flush();
    }

    /** Returns the number of requests without an answer and of labels that are not joined. */
    private int ahead(JoinCounts joins) {
        return acts().mapToInt(DemoAct::unanswered).sum()
                + lateLabels.get()
                + labelsAtOnce.get()
                - joins.count(JoinEvent.JOINED)
                - joins.deadLetters();
    }

    private String standing(Duration elapsed) {
        Duration left = plan.delay().minus(elapsed);
        int labels = lateLabels.get();
        String of = labels > 0 || left.isNegative()
                ? "%d labels, %s late".formatted(labels, minutes(plan.delay()))
                : "first label in " + minutes(left);
        return "%s  %s, for 1 request in %d (*: all, at once)".formatted(minutes(elapsed), of, plan.oneIn());
    }

    private static String minutes(Duration time) {
        return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
    }

    private Stream<DemoAct> acts() {
        return houses.stream().flatMap(house -> house.acts().stream());
    }

    private void answered(Prediction prediction, SampleProducer producer, ScheduledExecutorService later) {
        for (LateHouse house : houses) {
            if (prediction.domain().equals(house.late().domain())) {
                answeredLate(house, prediction, producer, later);
            } else if (prediction.domain().equals(house.atOnce().domain())) {
                answeredAtOnce(house.atOnce(), prediction, producer);
            }
        }
    }

    private void answeredLate(
            LateHouse house, Prediction prediction, SampleProducer producer, ScheduledExecutorService later) {
        DemoAct act = house.late();
        Answered answer = act.answer(prediction);
        if (answer == null) {
            return;
        }
        Item item = answer.item();
        show(act, answer, DemoFiles.text(item));
        if (house.chosen().contains(item.id())) {
            // What was right is known some time after the question, however long the answer takes.
            later.schedule(
                    () -> {
                        lateLabels.incrementAndGet();
                        producer.label(LateHouse.label(act, item));
                        view.labelled(
                                act.title(),
                                DemoFiles.text(item),
                                item.label().text(),
                                prediction.label(),
                                plan.delay());
                    },
                    plan.delay().minus(answer.after()).toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private void answeredAtOnce(DemoAct act, Prediction prediction, SampleProducer producer) {
        Answered answer = act.answer(prediction);
        if (answer != null) {
            show(act, answer, "");
            labelsAtOnce.incrementAndGet();
            producer.label(LateHouse.label(act, answer.item()));
        }
    }

    private void show(DemoAct act, Answered answer, String text) {
        view.answered(
                act.title(),
                text,
                answer.right(),
                answer.by(),
                act.accuracy(-RECENT),
                act.answers().size());
    }

    /** Whether all labels that were sent were learned, or became dead letters. */
    private boolean isLearned(DemoWatch watch, JoinCounts joins) {
        int sent = lateLabels.get() + houses.size() * plan.requests();
        return acts().mapToInt(act -> learned(watch, act)).sum() + watch.deadLetters() + joins.deadLetters() >= sent;
    }

    private int learned(DemoWatch watch, DemoAct act) {
        return watch.samples(new Lane(config.name(), act.domain()));
    }

    private LateReport report(AdaptationRuntime runtime, DemoWatch watch, JoinCounts joins, double seconds) {
        List<DomainReport> reports =
                houses.stream().map(house -> report(runtime, watch, house)).toList();
        int joined = reports.stream().mapToInt(DomainReport::joined).sum();
        // Those that get their labels at once do not expire.
        int expired = joins.count(JoinEvent.EXPIRED);
        return new LateReport(
                config.name(),
                reports,
                plan.delay().toMillis() / 1000.0,
                plan.oneIn(),
                plan.last(),
                joined,
                expired,
                houses.size() * plan.requests() - joined - expired,
                watch.versions(),
                watch.deadLetters() + joins.deadLetters(),
                seconds);
    }

    private DomainReport report(AdaptationRuntime runtime, DemoWatch watch, LateHouse house) {
        DemoAct act = house.late();
        VersionRef first = act.answers().get(0).by();
        return new DomainReport(
                act.title(),
                act.answers().size(),
                learned(watch, act),
                act.accuracyBy(first.lane()),
                VersionAccuracy.of(
                        runtime,
                        first,
                        act.last(plan.last()).stream().map(Answered::item).toList()),
                act.accuracy(-plan.last()),
                house.atOnce().accuracy(-plan.last()));
    }

    /** What shows a demo of several lanes at once: single versions would tell too much. */
    private record StagesOnly(DemoView view) implements DemoView {
        @Override
        public void stage(String title) {
            view.stage(title);
        }
    }
}
