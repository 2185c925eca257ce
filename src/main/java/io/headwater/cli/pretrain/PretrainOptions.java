package io.headwater.cli.pretrain;

import io.headwater.cli.console.Skipped;
import io.headwater.cli.console.Terminal;
import io.headwater.standalone.pretrain.Pretraining;
import io.headwater.standalone.pretrain.Pretraining.Target;
import io.headwater.standalone.pretrain.PretrainingPlan;
import io.headwater.standalone.pretrain.PretrainingReport;
import io.headwater.standalone.pretrain.Subject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options for pre-training that all model families share. */
final class PretrainOptions {
    @Mixin
    PretrainTarget target;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Number of optimiser steps. Default: ${DEFAULT-VALUE}",
            defaultValue = "1000")
    int steps;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Number of passes over the samples, instead of --steps.")
    @Nullable
    Double epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Samples per step. Default: ${DEFAULT-VALUE}",
            defaultValue = "32")
    int batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "Maximum learning rate of AdamW. Default: ${DEFAULT-VALUE}",
            defaultValue = "0.001")
    double learningRate;

    @Option(
            names = "--warm-up",
            paramLabel = "STEPS",
            description =
                    "Steps in which the learning rate rises; afterwards it falls to 0 like a cosine. Default: a tenth of --steps.")
    @Nullable
    Integer warmUp;

    @Option(
            names = "--weight-decay",
            paramLabel = "SHARE",
            description = "Weight decay, which is multiplied by the learning rate. Default: ${DEFAULT-VALUE}",
            defaultValue = "0.01")
    double weightDecay;

    @Option(
            names = "--held-out",
            paramLabel = "SHARE",
            description = "Fraction of the samples that is held out for evaluation. Default: ${DEFAULT-VALUE}",
            defaultValue = "0.05")
    double heldOut;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "STEPS",
            description = "Steps between two checkpoints. Default: ${DEFAULT-VALUE}",
            defaultValue = "200")
    int checkpointEvery;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all random numbers; not 0. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Threads of ONNX Runtime; the result is bit-identical only for the same number. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    int threads;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    /** Creates the subject of the pre-training from the options, which may be invalid. */
    interface Making {
        Subject get();
    }

    /** Trains the subject that {@code making} creates, and prints the results. */
    int run(Making making) throws IOException {
        Subject subject;
        PretrainingPlan plan;
        Target into = target.get();
        try {
            plan = plan(1);
            subject = making.get();
            plan = plan(subject.samples());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        Skipped.print(subject.faults());
        print(new Pretraining(subject, plan, into, Terminal.progress()).run());
        return 0;
    }

    private PretrainingPlan plan(int samples) {
        int all = epochs == null
                ? steps
                : (int) Math.min(Integer.MAX_VALUE, Math.ceil(epochs * samples * (1 - heldOut) / batch));
        return new PretrainingPlan(
                all,
                batch,
                learningRate,
                warmUp == null ? all / 10 : warmUp,
                weightDecay,
                heldOut,
                checkpointEvery,
                seed,
                threads);
    }

    private void print(PretrainingReport report) {
        target.output.print(report, () -> {
            target.output.line("%-28s %s (%s)", "base model", report.name(), report.family());
            target.output.line("%-28s %,d", "weights", report.weights());
            target.output.line(
                    "%-28s %d (%d held out, %d skipped)",
                    "samples", report.samples(), report.heldOut(), report.skipped());
            target.output.line(
                    "%-28s %d%s",
                    "steps", report.steps(), report.resumedAt() > 0 ? " (went on at " + report.resumedAt() + ")" : "");
            target.output.line("%-28s %.4f", "loss", report.loss());
            Double loss = report.heldOutLoss();
            if (loss != null) {
                target.output.line("%-28s %.4f", "held-out loss", loss);
            }
            Double perplexity = report.perplexity();
            if (perplexity != null) {
                target.output.line("%-28s %.2f", "held-out perplexity", perplexity);
            }
            Double accuracy = report.heldOutAccuracy();
            if (accuracy != null) {
                target.output.line("%-28s %.4f", "held-out accuracy", accuracy);
            }
            target.output.line("%-28s %s", "curve", report.curve());
            target.output.line("%-28s %.1f", "seconds", report.seconds());
            target.output.line("%-28s %s", "left in", report.folder());
        });
    }
}
