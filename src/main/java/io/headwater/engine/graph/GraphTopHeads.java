package io.headwater.engine.graph;

import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.Objects;

/** Creates the heads of a graph base model whose top is trained. */
final class GraphTopHeads implements Heads {
    private final GraphTopForm form;

    GraphTopHeads(GraphTopForm form) {
        this.form = form;
    }

    @Override
    public int inputs() {
        return Objects.requireNonNull(form.base().shapes().get(form.cut()), form.cut())
                .size();
    }

    @Override
    public String form() {
        return "graph-top cut=" + form.cut() + " features=" + form.feature() + " pooling=" + form.pooling()
                + " parameters=" + form.strategy().top().parameters()
                + (form.strategy().top().batchNorm() == BatchStatistics.UPDATE ? " batch-norm=UPDATE" : "");
    }

    @Override
    public Head create(int outputs) {
        return GraphTopHead.create(form, outputs);
    }

    @Override
    public Head restore(HeadState state) {
        return GraphTopHead.restore(form, state);
    }

    @Override
    public Head answering(Map<String, Tensor.F32> parameters) {
        return GraphTopHead.answering(form, parameters);
    }

    /** Does nothing: the heads share only the model in memory. */
    @Override
    public void close() {}
}
