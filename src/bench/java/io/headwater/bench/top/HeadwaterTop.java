package io.headwater.bench.top;

import io.headwater.config.AdaptationConfig;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.weights.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The training of an unfrozen top by Headwater. */
final class HeadwaterTop implements TopEngine {
    private static final String MOMENTUM = "momentum/";

    private final TopCase top;
    private final Path folder;
    private final TopFixture fixture;
    private final DividedModel model;
    private final Head head;

    private HeadwaterTop(TopCase top, Path folder) throws IOException {
        this.top = top;
        this.folder = folder;
        fixture = TopFixture.read(folder);
        model = open(top.trained());
        head = model.heads().restore(HeadState.ofParameters(fixture.parameters()));
    }

    /** @param args the case, the folder of its fixture */
    public static void main(String[] args) throws Exception {
        TopEngine.serve(new HeadwaterTop(TopCase.valueOf(args[0]), Path.of(args[1])));
    }

    /** Opens the heads of a model without its frozen part, which the other engines do not load either. */
    private DividedModel open(AdaptationConfig config) throws IOException {
        DividedModel opened =
                BaseModelOpener.open(top.manifest(folder), Compute.ONE_THREAD).divide(config);
        opened.backbone().close();
        return opened;
    }

    @Override
    public double step() {
        return head.train(fixture.rows(), top.targets(), top.weights());
    }

    @Override
    public Map<String, Tensor.F32> gradients() throws IOException {
        DividedModel telling = open(top.telling());
        try (Head other = telling.heads().restore(HeadState.ofParameters(fixture.parameters()))) {
            other.train(fixture.rows(), top.targets(), top.weights());
            Map<String, Tensor.F32> gradients = new TreeMap<>();
            other.state().optimiser().forEach((name, momentum) -> {
                float[] values = new float[momentum.values().length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = -momentum.values()[i];
                }
                gradients.put(name.substring(MOMENTUM.length()), new Tensor.F32(momentum.shape(), values));
            });
            return gradients;
        } finally {
            telling.heads().close();
        }
    }

    @Override
    public void close() {
        head.close();
        model.heads().close();
    }
}
