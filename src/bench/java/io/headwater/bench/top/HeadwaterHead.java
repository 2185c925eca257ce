package io.headwater.bench.top;

import io.headwater.engine.Head;
import io.headwater.engine.weights.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The training of a head on frozen features by Headwater, a batch at a time. */
final class HeadwaterHead implements TopEngine {
    private final Head head;
    private final int steps;
    private final HeadCase.Draw draw;

    private HeadwaterHead(HeadCase trained, Path folder) throws IOException {
        head = trained.heads().restore(HeadCase.read(folder));
        steps = trained.config().training().gradients().steps();
        draw = trained.draw();
    }

    /** @param args what {@link HeadCase#arguments} returned */
    public static void main(String[] args) throws Exception {
        TopEngine.serve(new HeadwaterHead(HeadCase.of(args), Path.of(args[3])));
    }

    /** {@inheritDoc} Here, all steps of a batch; the loss is that before the first of them. */
    @Override
    public double step() {
        draw.batch();
        head.observe(draw.fresh());
        double loss = head.train(draw.features(), draw.targets(), draw.weights());
        for (int step = 1; step < steps; step++) {
            draw.replayed();
            head.train(draw.features(), draw.targets(), draw.weights());
        }
        return loss;
    }

    @Override
    public Map<String, Tensor.F32> gradients() {
        throw new UnsupportedOperationException("only gradients of tops are compared");
    }

    @Override
    public void close() {
        head.close();
    }
}
