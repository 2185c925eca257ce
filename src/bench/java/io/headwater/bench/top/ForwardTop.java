package io.headwater.bench.top;

import io.headwater.engine.DividedModel;
import io.headwater.engine.ModelInput;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.weights.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A forward pass of the whole frozen model over the batch in ONNX Runtime, the reference for the cost of a step. */
final class ForwardTop implements TopEngine {
    private final List<ModelInput> inputs;
    private final DividedModel model;

    private ForwardTop(TopCase top, Path folder) throws IOException {
        inputs = top.inputs();
        model = BaseModelOpener.open(top.manifest(folder), Compute.ONE_THREAD).divide(top.frozen());
    }

    /** @param args the case, the folder of its fixture */
    public static void main(String[] args) throws Exception {
        TopEngine.serve(new ForwardTop(TopCase.valueOf(args[0]), Path.of(args[1])));
    }

    @Override
    public double step() {
        model.backbone().features(inputs);
        return 0;
    }

    @Override
    public Map<String, Tensor.F32> gradients() {
        throw new UnsupportedOperationException("a frozen model has no gradients");
    }

    @Override
    public void close() {
        model.close();
    }
}
