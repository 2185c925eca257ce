package io.headwater.bench.transfer;

import io.headwater.bench.PlainModel;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.engine.ModelInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Labels random observations with the direction, one of eight, that a trained policy would choose after the controls
 * were rotated by an angle between two directions: what the policy knows about the environment remains valid, but its
 * choice of actions does not.
 */
final class TurnedPolicy {
    private static final int WAYS = 8;
    private static final int OBSERVED = 21;
    private static final double TURNED = Math.toRadians(100);

    private TurnedPolicy() {}

    static TransferData decisions(Path manifest, int count, long seed) throws Exception {
        BaseModelManifest policy = BaseModelFile.read(manifest);
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        byte[] file = Files.readAllBytes(Path.of(policy.model().location()));
        try (PlainModel model = new PlainModel(file, policy.input())) {
            for (int i = 0; i < count; i++) {
                float[] seen = new float[OBSERVED];
                for (int k = 0; k < OBSERVED; k++) {
                    seen[k] = (float) random.nextGaussian();
                }
                float[] action =
                        model.run(new ModelInput.Numbers(seen), "output").values();
                double angle = Math.atan2(action[1], action[0]) + TURNED + 2 * Math.PI;
                long way = Math.round(angle / (2 * Math.PI) * WAYS) % WAYS;
                String numbers = IntStream.range(0, OBSERVED)
                        .mapToObj(k -> String.format(Locale.ROOT, "%.4f", seen[k]))
                        .collect(Collectors.joining(" "));
                lines.add("way" + way + "\t" + numbers);
            }
        }
        return new TransferData.Lines(lines, true);
    }
}
