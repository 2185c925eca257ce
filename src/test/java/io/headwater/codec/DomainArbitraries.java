package io.headwater.codec;

import io.headwater.domain.Ask;
import io.headwater.domain.ClassAnswers;
import io.headwater.domain.Command;
import io.headwater.domain.Digest;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.FeaturizedRecord;
import io.headwater.domain.ForgottenSample;
import io.headwater.domain.Label;
import io.headwater.domain.LabelEdit;
import io.headwater.domain.Lane;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.OffsetRange;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.PredictionInterval;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.Provenance;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.domain.Serving;
import io.headwater.domain.Thresholds;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;
import org.jspecify.annotations.Nullable;

/** Random events. */
public class DomainArbitraries extends DomainContextBase {

    @Provide
    Arbitrary<Sample> samples() {
        Arbitrary<Provenance> provenances = Combinators.combine(
                        refs(),
                        instants(),
                        instants(),
                        labels().injectNull(0.5),
                        Arbitraries.doubles().between(0, 1))
                .as(Provenance::new);
        return Combinators.combine(ids(), payloads(), labels().injectNull(0.2), instants(), provenances.injectNull(0.5))
                .as(Sample::new);
    }

    @Provide
    Arbitrary<Request> requests() {
        return Combinators.combine(ids(), payloads(), instants(), Arbitraries.of("", "mood", "reviews.v2"))
                .as(Request::new);
    }

    @Provide
    Arbitrary<LateLabel> lateLabels() {
        return Combinators.combine(ids(), lanes().map(Lane::domain), labels(), instants())
                .as(LateLabel::new);
    }

    @Provide
    Arbitrary<LateEvaluation> lateEvaluations() {
        Arbitrary<Double> numbers = Arbitraries.doubles();
        Arbitrary<LateEvaluation.ClassCount> classes =
                Combinators.combine(texts(), numbers, numbers).as(LateEvaluation.ClassCount::new);
        Arbitrary<LateEvaluation.AskedSums> asked = Combinators.combine(
                        numbers, numbers, numbers, numbers, numbers, numbers)
                .as(LateEvaluation.AskedSums::new);
        Arbitrary<LateEvaluation.ShadowSums> shadows =
                Combinators.combine(numbers, numbers, numbers).as(LateEvaluation.ShadowSums::new);
        return Combinators.combine(
                        lanes(),
                        refs(),
                        Combinators.combine(instants(), instants()).as(List::of),
                        naturals().map(Duration::ofMillis),
                        numbers.list().ofSize(3),
                        classes.list().ofMaxSize(3),
                        numbers.list().ofMaxSize(10),
                        Combinators.combine(asked, shadows.injectNull(0.5)).as(LateSums::new))
                .as((lane, version, times, halfLife, sums, counts, delays, more) -> new LateEvaluation(
                        lane,
                        version,
                        times.get(0),
                        times.get(1),
                        halfLife,
                        "accuracy",
                        sums.get(0),
                        sums.get(1),
                        counts,
                        3,
                        sums.get(2),
                        delays,
                        more.asked(),
                        times.get(1),
                        more.shadow()));
    }

    private record LateSums(LateEvaluation.AskedSums asked, LateEvaluation.@Nullable ShadowSums shadow) {}

    @Provide
    Arbitrary<FeaturizedRecord> featurized() {
        Arbitrary<FeaturizedRecord.PayloadFeatures> features =
                Combinators.combine(digests(), arrays()).as(FeaturizedRecord.PayloadFeatures::new);
        return Combinators.combine(
                        texts(), digests(), texts(), naturals(), features.list().ofMaxSize(2))
                .as(FeaturizedRecord::new);
    }

    @Provide
    Arbitrary<Prediction> predictions() {
        Arbitrary<Map<String, Float>> probabilities =
                Arbitraries.maps(texts(), floats()).ofMaxSize(5);
        return Combinators.combine(
                        ids(),
                        ids(),
                        refs(),
                        labels(),
                        probabilities,
                        regions().injectNull(0.3),
                        Arbitraries.of(true, false),
                        Combinators.combine(
                                        instants(),
                                        Arbitraries.doubles().between(0, 1),
                                        Arbitraries.of(Prediction.Adapted.class),
                                        Arbitraries.of(true, false))
                                .as(List::<Object>of))
                .as((id, domain, version, answer, chances, region, abstain, more) -> new Prediction(
                        id,
                        domain,
                        version,
                        answer,
                        chances,
                        region,
                        abstain,
                        (Instant) more.get(0),
                        (Double) more.get(1),
                        (Prediction.Adapted) more.get(2),
                        (Boolean) more.get(3)));
    }

    @Provide
    Arbitrary<Ask> asks() {
        return Combinators.combine(
                        lanes(),
                        ids(),
                        payloads(),
                        refs(),
                        labels(),
                        texts(),
                        Arbitraries.doubles().between(0, 1),
                        instants())
                .as((lane, id, payload, version, answer, strategy, number, at) ->
                        new Ask(lane, id, payload, version, answer, number / 2, strategy, number, at));
    }

    @Provide
    Arbitrary<ModelVersion> versions() {
        Arbitrary<MergedVersion> merged =
                Combinators.combine(refs(), refs().injectNull(0.3)).as(MergedVersion::new);
        Arbitrary<Function<@Nullable MergedVersion, Lineage>> lineages = Combinators.combine(
                        refs().injectNull(0.3),
                        offsets(),
                        offsets(),
                        naturals().list(),
                        digests(),
                        digests(),
                        ranges().list().ofMaxSize(3),
                        forgotten().list().ofMaxSize(3))
                .as((parent, from, more, steps, base, configuration, skipped, forgotten) -> other -> new Lineage(
                        parent,
                        3,
                        from,
                        from + more,
                        steps,
                        base,
                        configuration,
                        skipped,
                        forgotten,
                        other,
                        "a topic",
                        skipped,
                        skipped.isEmpty()
                                ? null
                                : new LabelEdit(
                                        Command.Action.REMOVE_LABEL, "a class", "", List.of(from), List.of("a part")),
                        List.of(from, from + more),
                        more));
        return Combinators.combine(
                        refs(),
                        Combinators.combine(lineages, merged.injectNull(0.5)).as(Function::apply),
                        texts().list().ofMaxSize(5),
                        offsets(),
                        instants(),
                        Arbitraries.maps(texts(), texts()).ofMaxSize(5))
                .as(ModelVersion::new);
    }

    @Provide
    Arbitrary<Serving> servings() {
        return Combinators.combine(
                        refs(),
                        refs().injectNull(0.3),
                        Arbitraries.of(Serving.DecidedBy.class),
                        texts(),
                        Arbitraries.of(true, false),
                        instants(),
                        thresholds().injectNull(0.3),
                        instants().injectNull(0.3))
                .as(Serving::new);
    }

    private static Arbitrary<Thresholds> thresholds() {
        return Combinators.combine(
                        Arbitraries.doubles(), Arbitraries.doubles().list().ofMaxSize(3))
                .as(Thresholds::new);
    }

    private static Arbitrary<PredictionRegion> regions() {
        Arbitrary<Double> numbers = Arbitraries.doubles();
        Arbitrary<List<String>> names = texts().list().ofMaxSize(3);
        return Arbitraries.oneOf(
                Combinators.combine(numbers, names).as(PredictionRegion.ClassSet::new),
                Combinators.combine(numbers, names.list().ofMaxSize(3)).as(PredictionRegion.TagSets::new),
                Combinators.combine(
                                numbers,
                                Combinators.combine(numbers, numbers)
                                        .as(PredictionInterval::new)
                                        .list()
                                        .ofMaxSize(3))
                        .as(PredictionRegion.Intervals::new));
    }

    @Provide
    Arbitrary<TrainerState> states() {
        Arbitrary<TrainerState.Pause> pauses =
                Combinators.combine(instants(), texts()).as(TrainerState.Pause::new);
        Arbitrary<TrainerState.Restart> restarts =
                Combinators.combine(refs().injectNull(0.5), instants()).as(TrainerState.Restart::new);
        return Combinators.combine(
                        refs(),
                        offsets(),
                        offsets(),
                        instants(),
                        pauses.injectNull(0.5),
                        restarts.injectNull(0.5),
                        offsets())
                .as((version, from, more, at, pause, restart, commands) -> new TrainerState(
                        version,
                        from,
                        from + more,
                        at,
                        pause,
                        restart,
                        commands,
                        "a topic",
                        List.of(new OffsetRange(from, from + 1)),
                        at,
                        more,
                        from + more));
    }

    @Provide
    Arbitrary<DriftSignal> driftSignals() {
        return Combinators.combine(
                        lanes(),
                        texts(),
                        Arbitraries.of(DriftSignal.Level.class),
                        texts(),
                        Arbitraries.doubles(),
                        Arbitraries.doubles(),
                        offsets(),
                        instants())
                .as(DriftSignal::new);
    }

    @Provide
    Arbitrary<Evaluation> evaluations() {
        Arbitrary<Map<String, Double>> metrics =
                Arbitraries.maps(texts(), Arbitraries.doubles()).ofMaxSize(5);
        return Combinators.combine(
                        lanes(),
                        Arbitraries.of(Evaluation.Kind.class),
                        offsets().injectNull(0.3),
                        offsets().injectNull(0.3),
                        offsets(),
                        Combinators.combine(metrics, classAnswers().injectNull(0.5))
                                .as(Measured::new),
                        texts(),
                        instants())
                .as((lane, kind, champion, challenger, from, values, verdict, at) -> new Evaluation(
                        lane,
                        kind,
                        champion,
                        challenger,
                        from,
                        from + 7,
                        7,
                        values.metrics(),
                        verdict,
                        values.answers(),
                        at));
    }

    private record Measured(
            Map<String, Double> metrics, @Nullable ClassAnswers answers) {}

    private Arbitrary<ClassAnswers> classAnswers() {
        Arbitrary<String> classes = Arbitraries.of("a", "b", "ç");
        return Combinators.combine(
                        offsets(), classes, classes, Arbitraries.doubles().between(0, 1))
                .as(ClassAnswers.ClassAnswer::new)
                .list()
                .ofMaxSize(30)
                .map(ClassAnswers::of);
    }

    @Provide
    Arbitrary<Command> commands() {
        return Combinators.combine(ofSamples(), texts(), texts())
                .as((command, label, into) -> new Command(
                        command.lane(),
                        command.action(),
                        command.version(),
                        command.by(),
                        command.reason(),
                        command.at(),
                        command.sampleId(),
                        command.offsets(),
                        label,
                        into));
    }

    private static Arbitrary<Command> ofSamples() {
        return Combinators.combine(
                        lanes(),
                        Arbitraries.of(Command.Action.class),
                        refs().injectNull(0.3),
                        texts(),
                        texts(),
                        instants(),
                        texts(),
                        offsets().list().ofMaxSize(3))
                .as((lane, action, version, by, reason, at, sample, offsets) ->
                        new Command(lane, action, version, by, reason, at, sample, offsets));
    }

    private static Arbitrary<OffsetRange> ranges() {
        return Combinators.combine(offsets(), Arbitraries.longs().between(1, 1L << 60))
                .as((from, more) -> new OffsetRange(from, from + more));
    }

    private static Arbitrary<ForgottenSample> forgotten() {
        return Combinators.combine(ids(), offsets(), naturals(), texts().list().ofMaxSize(2))
                .as(ForgottenSample::new);
    }

    private static Arbitrary<Payload> payloads() {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(50);
        return Arbitraries.oneOf(
                bytes.map(Payload.EncodedImage::new),
                texts().map(Payload.Text::new),
                Combinators.combine(texts(), texts()).as(Payload.TextPair::new),
                bytes.map(b -> new Payload.Waveform(b, 0)),
                bytes.map(b -> new Payload.Waveform(Arrays.copyOf(b, b.length / 2 * 2), 16_000)),
                tensors());
    }

    private static Arbitrary<Payload> tensors() {
        Arbitrary<List<Integer>> shapes =
                Arbitraries.integers().between(1, 4).list().ofMaxSize(3);
        return shapes.flatMap(shape -> {
            int size = shape.stream().reduce(1, (a, b) -> a * b);
            return floats().array(float[].class).ofSize(size).map(values -> new Payload.Tensor(shape, values));
        });
    }

    private static Arbitrary<Label> labels() {
        Arbitrary<String> names = texts().filter(t -> !t.isEmpty());
        return Arbitraries.oneOf(
                names.map(Label.ClassLabel::new),
                names.set().ofMaxSize(5).map(Label.MultiLabel::new),
                names.list().ofMaxSize(5).map(tokens -> new Label.TokenTags(tokens, tokens)),
                Combinators.combine(Arbitraries.integers().greaterOrEqual(-1), texts())
                        .as(Label.AnswerSpan::new),
                texts().map(Label.Transcript::new),
                arrays().map(Label.Values::new),
                transitions());
    }

    private static Arbitrary<Label> transitions() {
        return Combinators.combine(
                        texts(),
                        Arbitraries.doubles().array(double[].class).ofMinSize(1).ofMaxSize(4),
                        arrays(),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Combinators.combine(Arbitraries.doubles(), Arbitraries.integers())
                                .as(Label.Episode::new)
                                .injectNull(0.5),
                        Arbitraries.longs().injectNull(0.5))
                .as(Label.Transition::new);
    }

    private static Arbitrary<VersionRef> refs() {
        return Combinators.combine(lanes(), Arbitraries.longs().greaterOrEqual(1), digests(), digests())
                .as(VersionRef::new);
    }

    private static Arbitrary<Lane> lanes() {
        Arbitrary<String> adaptations = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("._-")
                .ofMinLength(1)
                .ofMaxLength(100);
        Arbitrary<String> domains = Arbitraries.strings()
                .withCharRange(' ', '.')
                .withCharRange('0', '~')
                .withChars("éß日本")
                .ofMinLength(1)
                .ofMaxLength(200);
        return Combinators.combine(adaptations, domains).as(Lane::new);
    }

    private static Arbitrary<Digest> digests() {
        return texts().map(t -> Digest.of(t.getBytes(StandardCharsets.UTF_8)));
    }

    private static Arbitrary<String> ids() {
        return Arbitraries.strings().withCharRange(' ', '\u07ff').ofMinLength(1).ofMaxLength(200);
    }

    private static Arbitrary<String> texts() {
        Arbitrary<String> plain =
                Arbitraries.strings().withCharRange('\0', '\ud7ff').ofMaxLength(30);
        return Arbitraries.oneOf(plain, Arbitraries.of("", "😀 emoji", "e\u0301 combining", "日本語"));
    }

    private static Arbitrary<float[]> arrays() {
        return floats().array(float[].class).ofMaxSize(6);
    }

    private static Arbitrary<Float> floats() {
        return Arbitraries.floats();
    }

    private static Arbitrary<Long> offsets() {
        return Arbitraries.longs().between(0, 1L << 60);
    }

    private static Arbitrary<Integer> naturals() {
        return Arbitraries.integers().greaterOrEqual(0);
    }

    private static Arbitrary<Instant> instants() {
        return Arbitraries.longs().map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }
}
