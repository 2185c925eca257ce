package io.headwater.standalone;

import io.headwater.config.AdaptationConfig;
import io.headwater.domain.Lane;
import io.headwater.domain.Prediction;
import io.headwater.kafka.KafkaSettings;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.role.Role;
import io.headwater.standalone.DemoAct.Answered;
import io.headwater.standalone.DemoReport.ChangeReport;
import io.headwater.standalone.DemoReport.DomainReport;
import io.headwater.standalone.data.Item;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Demonstrates all of Headwater in one process: a broker, a trainer, a predictor and a scripted stream. A head learns
 * to route the messages of a bike shop's customers to teams; then follow the messages of a hotel and of a dental
 * clinic, which use another vocabulary and give the same teams other work. Each message is first sent as a request,
 * and its label is sent only after the answer is committed, so no answer can depend on its label.
 *
 * <p>Then the labels of the hotel change: first they are wrong, then the teams of the hotel exchange their work, and at
 * last they have their former work again.
 */
public final class Demo {
    /** Number of answers that count as "at the shift". */
    private static final int AT_SHIFT = 60;
    /** Number of answers that count as "after adaptation". */
    private static final int AFTER = 110;
    /** Number of labelled messages that are sent before the first request, so that a version exists to answer it. */
    private static final int WARM_UP = 64;

    /**
     * Maximum number of messages that are sent and not yet learned: three batches. Otherwise a slow machine would learn many of them in
     * one version, and an act would end before a version that has learned it serves.
     */
    private static final int AHEAD = 24;

    private static final List<String> DOMAINS = List.of("bike-shop", "hotel", "clinic");
    private static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String CHANGING = "hotel";
    /** Numbers of messages whose labels are wrong, of those after the exchange, and of those after its end. */
    private static final int WRONG = 72;

    private static final int EXCHANGED = 176;
    private static final int RETURNED = 112;
    /** Number of answers that count as the first or the last ones of a change. */
    private static final int ENDS = 40;

    private final Path folder;
    private final double rate;
    private final DemoView view;
    private final AdaptationConfig config;
    private final Map<String, DemoAct> domains = new LinkedHashMap<>();
    private final List<DemoAct> changes = new ArrayList<>();
    private volatile DemoAct current;
    private int sent;

    /**
     * Creates a demo.
     *
     * @param folder folder for broker data and artifacts
     * @param rate requests per second
     */
    public Demo(Path folder, double rate, DemoView view) throws IOException {
        this.folder = folder;
        this.rate = rate;
        this.view = view;
        this.config = DemoFiles.adaptation();
        for (String name : DOMAINS) {
            domains.put(name, DemoAct.of(name, DemoFiles.messages(name)));
        }
        this.current = domain(config.source());
        DemoAct changing = domain(CHANGING);
        List<Item> items = changing.items();
        List<String> teams = config.labels();
        changes.add(changing.againWithRandomLabels("wrong", items.subList(0, WRONG), teams));
        changes.add(changing.again(
                "exchanged",
                items.subList(WRONG, WRONG + EXCHANGED),
                team -> teams.get((teams.indexOf(team) + 1) % teams.size())));
        changes.add(changing.again(
                "returned", items.subList(WRONG + EXCHANGED, WRONG + EXCHANGED + RETURNED), team -> team));
    }

    /**
     * Runs the demo to its end.
     *
     * @param atEnd receives the result while everything still runs; the demo ends when it returns
     */
    public void run(Consumer<DemoReport> atEnd) throws Exception {
        long start = System.nanoTime();
        view.stage("starting a Kafka broker and loading the pre-trained encoder");
        try (EmbeddedBroker broker = EmbeddedBroker.startIn(folder.resolve("kafka"))) {
            RuntimeSettings settings = RuntimeSettings.local(
                    KafkaSettings.of(broker.bootstrapServers()), folder.resolve("artifacts"), PARTITIONS);
            try (AdaptationRuntime runtime = AdaptationRuntime.open(config, settings)) {
                runtime.ensureTopics();
                run(runtime, start, atEnd);
            }
        }
    }

    private void run(AdaptationRuntime runtime, long start, Consumer<DemoReport> atEnd) throws Exception {
        DemoWatch watch = new DemoWatch(view);
        List<Role> roles = List.of(runtime.trainer(watch), runtime.predictor(watch));
        roles.forEach(Role::start);
        watch.guard(() -> DemoRoles.requireHealthy(roles));
        try (DemoPage page = view.isShown() ? DemoPage.open(runtime) : null) {
            if (page != null) {
                view.page(page.url());
            }
            play(runtime, watch);
            double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
            DemoReport report = report(runtime, watch, seconds);
            view.finished();
            atEnd.accept(report);
        } finally {
            DemoRoles.end(roles);
        }
    }

    private void play(AdaptationRuntime runtime, DemoWatch watch) throws Exception {
        try (SampleProducer producer = new SampleProducer(runtime.clients(), runtime.codec(), Clock.systemUTC());
                DemoAnswers answers =
                        DemoAnswers.read(runtime, PARTITIONS, prediction -> label(prediction, producer))) {
            for (DemoAct domain : domains.values()) {
                stream(domain, "the messages of the " + domain.title(), producer, watch);
            }
            stream(changes.get(0), "the labels of the hotel are wrong for a while", producer, watch);
            stream(changes.get(1), "the teams of the hotel exchange their work", producer, watch);
            stream(changes.get(2), "the teams of the hotel have their former work again", producer, watch);
        }
    }

    private void stream(DemoAct act, String description, SampleProducer producer, DemoWatch watch)
            throws InterruptedException {
        current = act;
        watch.begin(act);
        List<Item> items = act.items();
        int asked = 0;
        if (act.title().equals(config.source())) {
            for (Item item : items.subList(0, WARM_UP)) {
                producer.sample(act.domain(), item.id(), item.payload(), item.label());
            }
            producer.flush();
            watch.awaitServing(new Lane(config.name(), act.domain()), PATIENCE);
            asked = WARM_UP;
        }
        view.actBegins(act.title(), description, items.size() - asked);
        long next = System.nanoTime();
        sent += asked;
        for (Item item : items.subList(asked, items.size())) {
            watch.awaitLearned(sent - AHEAD, PATIENCE);
            act.asked(item);
            producer.request(act.domain(), item.id(), item.payload());
            sent++;
            // Time that was lost by waiting is not made up for.
            next = Math.max(next + (long) (TimeUnit.SECONDS.toNanos(1) / rate), System.nanoTime());
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        }
        producer.flush();
        watch.awaitLearned(sent, PATIENCE);
    }

    private DemoReport report(AdaptationRuntime runtime, DemoWatch watch, double seconds) {
        double before = domain(config.source()).accuracy(-AFTER);
        List<DomainReport> reports = new ArrayList<>();
        for (DemoAct domain : domains.values()) {
            boolean shifted = !domain.title().equals(config.source());
            reports.add(new DomainReport(
                    domain.title(),
                    shifted,
                    before,
                    domain.accuracy(AT_SHIFT),
                    domain.accuracy(-AFTER),
                    shifted ? unadapted(runtime, domain) : untrained(domain),
                    watch.tally(domain).versions(),
                    domain.answers().size()));
        }
        return new DemoReport(
                config.name(),
                reports,
                changes.stream()
                        .map(change -> report(change, watch.tally(change)))
                        .toList(),
                watch.versions(),
                watch.samples(),
                watch.deadLetters(),
                seconds);
    }

    private static ChangeReport report(DemoAct change, DemoTally tally) {
        return new ChangeReport(
                change.title(),
                change.domain(),
                change.answers().size(),
                change.accuracy(ENDS),
                change.accuracy(-ENDS),
                tally.drifts(),
                tally.refused(),
                tally.rollbacks(),
                tally.best(),
                tally.contenders());
    }

    private DemoAct domain(@Nullable String name) {
        DemoAct domain = domains.get(name);
        if (domain == null) {
            throw new IllegalStateException("the demo has no domain '" + name + "'");
        }
        return domain;
    }

    /** Returns the accuracy that the version which gave the domain's first answer has on the domain's last records. */
    private double unadapted(AdaptationRuntime runtime, DemoAct domain) {
        return VersionAccuracy.of(
                runtime,
                domain.answers().get(0).by(),
                domain.last(AFTER).stream().map(Answered::item).toList());
    }

    private double untrained(DemoAct domain) {
        List<Answered> last = domain.last(AFTER);
        String first = config.labels().get(0);
        return last.stream()
                        .filter(answer -> answer.item().label().text().equals(first))
                        .count()
                / (double) last.size();
    }

    /** Sends the label of an answered item as a sample. */
    private void label(Prediction prediction, SampleProducer producer) {
        DemoAct act = current;
        Answered answer = act.answer(prediction);
        if (answer != null) {
            Item item = answer.item();
            producer.sample(act.domain(), item.id(), item.payload(), item.label());
            view.answered(
                    act.title(),
                    DemoFiles.text(item),
                    answer.right(),
                    answer.by(),
                    act.accuracy(-AT_SHIFT),
                    act.answers().size());
        }
    }
}
