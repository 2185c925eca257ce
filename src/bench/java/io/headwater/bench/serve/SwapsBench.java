package io.headwater.bench.serve;

import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.PublishedHead;
import io.headwater.bench.Bench;
import io.headwater.bench.Folders;
import io.headwater.bench.Machine;
import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.domain.VersionRef;
import io.headwater.engine.weights.Tensor;
import io.headwater.online.Call;
import io.headwater.online.CallResult;
import io.headwater.online.CallResult.Answered;
import io.headwater.online.OnlinePredictor;
import io.headwater.online.OnlineSettings;
import io.headwater.predictor.LetterModel;
import io.headwater.predictor.Letters;
import io.headwater.role.RoleState;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Answers many requests of many lanes in shared batches, while versions follow each other, and computes each answer again from the version
 * that it names: the probabilities must have the same bits. The base model costs next to nothing, and each version has weights of its own.
 */
final class SwapsBench {
    private static final int UNDER_WAY = 256;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long SEED = 11;

    private final Installation installation;
    private final OnlinePredictor role;
    private final Random random = new Random(SEED);
    private final Map<VersionRef, PublishedHead> heads = new HashMap<>();
    private final Map<String, VersionRef> newest = new HashMap<>();
    private final Set<VersionRef> seen = new HashSet<>();
    private long number;
    private long mismatched;
    private long refused;
    private long old;

    private SwapsBench(Installation installation, OnlinePredictor role) {
        this.installation = installation;
        this.role = role;
    }

    /** A request that is under way, with what its answer is computed from. */
    private record Asked(String domain, String text, Call call) {}

    /** Prints all results; with {@code --quick}, of fewer requests. */
    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        Map<String, String> machine = Machine.facts();
        Path folder = Files.createTempDirectory("headwater-swaps");
        try (BrokerUnderTest broker = BrokerUnderTest.embedded();
                Installation installation = Letters.open(broker, folder, null)) {
            OnlinePredictor role = installation.online(OnlineSettings.USUAL);
            role.start();
            try {
                Await.until("the role", PATIENCE, () -> role.state() == RoleState.RUNNING);
                SwapsBench bench = new SwapsBench(installation, role);
                Bench.print(
                        "swaps",
                        bench.measure(quick ? 10_000 : 1_000_000, quick ? 50 : 500, quick ? 100 : 1_000),
                        machine);
            } finally {
                role.stop();
                role.awaitEnd();
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private Map<String, Object> measure(int requests, int lanes, int swaps) throws Exception {
        for (int lane = 0; lane < lanes; lane++) {
            swap("lane-" + lane);
        }
        Await.until("all lanes", PATIENCE, () -> role.serving().size() == lanes);
        Deque<Asked> underWay = new ArrayDeque<>();
        long begun = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            if (i % (requests / swaps) == 0) {
                swap("lane-" + random.nextInt(lanes));
            }
            if (underWay.size() == UNDER_WAY) {
                check(underWay.remove());
            }
            underWay.add(ask("lane-" + random.nextInt(lanes), text(), i));
        }
        for (Asked asked : underWay) {
            check(asked);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        heads.values().forEach(PublishedHead::close);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("requests", requests);
        report.put("lanes", lanes);
        report.put("swaps", swaps);
        report.put("perSecond", Bench.rounded(requests / seconds, 0));
        report.put("versionsSeen", seen.size());
        report.put("byEarlierVersions", old);
        report.put("refused", refused);
        report.put("mismatched", mismatched);
        return report;
    }

    /** Lets another version of a lane serve. */
    private void swap(String domain) {
        number++;
        float[] weights = new float[2 * LetterModel.WIDTH];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (random.nextGaussian() / 100);
        }
        HeadArtifact head = new HeadArtifact(
                LetterModel.DIGEST,
                LetterModel.HEADS.form(),
                List.of("other", "v" + number),
                Map.of(
                        "output/W", new Tensor.F32(new int[] {LetterModel.WIDTH, 2}, weights),
                        "output/b", new Tensor.F32(new int[] {2}, new float[2])));
        Digest artifact = installation.store().put(head.toBytes());
        VersionRef version = Letters.serveAs(installation, domain, number, artifact);
        newest.put(domain, version);
        heads.put(version, installation.servingSetup().open(version));
    }

    /** A text, of whose length and first letter the features consist. */
    private String text() {
        return Character.toString('a' + random.nextInt(26)).repeat(1 + random.nextInt(100));
    }

    private Asked ask(String domain, String text, int id) {
        Request request = new Request(Integer.toString(id), new Payload.Text(text), Instant.EPOCH, Letters.ADAPTATION);
        Call call = Call.of(domain, null, List.of(request), System.nanoTime() + PATIENCE.toNanos());
        role.ask(call);
        return new Asked(domain, text, call);
    }

    private void check(Asked asked) throws Exception {
        CallResult result = asked.call().result().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (!(result instanceof Answered answered && answered.outcomes().get(0) instanceof Outcome.Ok<Prediction> ok)) {
            refused++;
            return;
        }
        Prediction prediction = ok.value();
        VersionRef version = prediction.version();
        seen.add(version);
        if (!version.equals(newest.get(asked.domain()))) {
            old++;
        }
        PublishedHead head = heads.get(version);
        float[] features = {asked.text().length(), asked.text().charAt(0)};
        if (head == null
                || !version.lane().domain().equals(asked.domain())
                || !head.predictions(LetterModel.GOAL, new float[][] {features})
                        .get(0)
                        .probabilities()
                        .equals(prediction.probabilities())) {
            mismatched++;
        }
    }
}
