package io.headwater.standalone.pretrain;

import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.ModelsFolder;
import io.headwater.domain.Digest;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.runtime.WholeModels;
import io.headwater.standalone.Progress;
import io.headwater.standalone.pretrain.Curve.CurvePoint;
import io.headwater.standalone.pretrain.PretrainingFolder.Saved;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model and writes it as a base model. A run that was killed resumes from its last checkpoint when it is
 * started again with the same options, and produces the same bytes as an uninterrupted run.
 */
public final class Pretraining {
    /** Limit of held-out samples per evaluation; more would slow training and make the curve hardly smoother. */
    private static final int MOST_JUDGED = 256;

    private final Subject subject;
    private final PretrainingPlan plan;
    private final Target target;
    private final Progress progress;
    private final SortedMap<String, String> arguments;
    private final SampleOrder order;
    private final int[] judged;

    /**
     * The base model to be written.
     *
     * @param folder folder of the base model: new, empty, or left by an interrupted run with the same options
     * @param name name of the base model, valid according to {@link ModelsFolder#isName}
     * @param licence licence of the training data
     * @param command command line that creates the model, stored in the record
     */
    public record Target(Path folder, String name, String licence, List<String> command) {
        public Target {
            command = List.copyOf(command);
            if (!ModelsFolder.isName(name)) {
                throw new IllegalArgumentException(
                        "a base model's name must be 1 to 100 letters, digits, '.', '_' or '-' and not begin with '.',"
                                + " but is '" + name + "'; choose another with --name");
            }
        }
    }

    /** The content of {@link PretrainingFolder#RECORD}; it does not depend on when or how often the run was started. */
    private record Written(
            List<String> command,
            String family,
            SortedMap<String, String> options,
            String data,
            int samples,
            int heldOut,
            long skipped,
            long weights,
            String model,
            List<CurvePoint> curve) {}

    /**
     * Creates a pretraining.
     *
     * @throws IllegalArgumentException if there are fewer than 2 samples
     */
    public Pretraining(Subject subject, PretrainingPlan plan, Target target, Progress progress) {
        this.subject = subject;
        this.plan = plan;
        this.target = target;
        this.progress = progress;
        arguments = new TreeMap<>(subject.sizes());
        arguments.putAll(plan.arguments());
        if (subject.curriculum().samples() < 2) {
            throw new IllegalArgumentException("data must hold at least 2 samples, but hold "
                    + subject.curriculum().samples() + "; add more");
        }
        order = new SampleOrder(plan.seed(), subject.curriculum().samples(), plan.heldOut());
        judged = Arrays.copyOf(order.heldOut(), Math.min(MOST_JUDGED, order.heldOut().length));
    }

    /** The current state of the training. */
    private record Standing(Head head, Curve curve) {}

    /**
     * Trains and writes the base model.
     *
     * @throws IllegalArgumentException if the folder holds other files, or a checkpoint with other options
     */
    public PretrainingReport run() throws IOException {
        long start = System.nanoTime();
        PretrainingFolder folder = new PretrainingFolder(target.folder());
        OutputLayer output = new OutputLayer(
                new AnswersObjective(subject.answers()), subject.everyPosition(), OutputActivation.SOFTMAX);
        try (Heads heads = WholeModels.of(subject.model(), output, plan.rule())) {
            Saved saved = folder.newest(arguments, subject.data());
            long from = saved == null ? 0 : saved.step();
            try (Head head = saved == null
                    ? heads.create(subject.answers() * subject.outputs())
                    : heads.restore(HeadStates.read(saved.state(), from))) {
                Curve curve = trained(new Standing(head, saved == null ? Curve.EMPTY : saved.curve()), from, folder);
                HeadState last = head.state();
                write(folder, last, curve);
                return report(curve, from, folder.path(), (System.nanoTime() - start) / 1e9);
            }
        }
    }

    private Curve trained(Standing standing, long from, PretrainingFolder folder) throws IOException {
        Head head = standing.head();
        Curve curve = standing.curve();
        progress.begin("pretraining", plan.steps());
        progress.advance(from);
        try {
            for (long step = from + 1; step <= plan.steps(); step++) {
                Batch batch = batch(step - 1);
                double loss = head.train(batch.rows(), batch.targets(), batch.weights());
                if (!Double.isFinite(loss)) {
                    throw new IllegalStateException("the loss must stay finite, but is " + loss + " at step " + step
                            + "; lower --learning-rate");
                }
                curve = curve.after(loss);
                boolean isLast = step == plan.steps();
                if (isLast || step % plan.pointEvery() == 0) {
                    curve = curve.at(step, judgement(head));
                }
                if (isLast || step % plan.checkpointEvery() == 0) {
                    Saved saved = new Saved(step, HeadStates.write(head.state()), curve, List.of());
                    folder.save(saved, arguments, subject.data());
                }
                progress.advance(1);
            }
        } finally {
            progress.end();
        }
        return curve;
    }

    private Batch batch(long step) {
        List<Batch.Sample> samples = new ArrayList<>();
        for (int i = 0; i < plan.batch(); i++) {
            long turn = step * plan.batch() + i;
            samples.add(subject.curriculum().sample(order.at(turn), turn));
        }
        return Batch.of(samples);
    }

    private @Nullable Judgement judgement(Head head) {
        return judged.length == 0 ? null : Judgement.of(head, subject, judged);
    }

    private void write(PretrainingFolder folder, HeadState last, Curve curve) throws IOException {
        byte[] model = WholeModels.file(subject.model(), last.parameters());
        folder.write(PretrainingFolder.MODEL, model);
        ModelFile file = file(folder, PretrainingFolder.MODEL, model);
        ModelFile tokenizer = file;
        byte[] json = subject.tokenizer();
        if (json != null) {
            folder.write(PretrainingFolder.TOKENIZER, json);
            tokenizer = file(folder, PretrainingFolder.TOKENIZER, json);
        }
        BaseModelManifest manifest = subject.description().of(target.name(), target.licence(), file, tokenizer);
        text(folder, PretrainingFolder.MANIFEST, BaseModelFile.write(manifest, folder.path(), Map.of()));
        text(folder, PretrainingFolder.CURVE, curve.svg(target.name(), "steps", "loss in nats"));
        folder.finish(new Written(
                target.command(),
                subject.model().family(),
                arguments,
                subject.data().toString(),
                order.epoch(),
                judged.length,
                subject.faults().count(),
                subject.model().size(),
                Digest.of(model).toString(),
                curve.points()));
    }

    static ModelFile file(PretrainingFolder folder, String name, byte[] bytes) {
        return new ModelFile(folder.path().resolve(name).toString(), Digest.of(bytes));
    }

    static void text(PretrainingFolder folder, String name, String text) throws IOException {
        folder.write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private PretrainingReport report(Curve curve, long from, Path folder, double seconds) {
        CurvePoint last = curve.last();
        Double heldOut = last.heldOutLoss();
        return new PretrainingReport(
                subject.model().family(),
                target.name(),
                subject.model().size(),
                order.epoch(),
                judged.length,
                subject.faults().count(),
                plan.steps(),
                from,
                last.loss(),
                heldOut,
                heldOut != null && subject.curriculum().isLanguage() ? Double.valueOf(StrictMath.exp(heldOut)) : null,
                last.heldOutAccuracy(),
                seconds,
                folder.toString(),
                curve.sparkline());
    }
}
