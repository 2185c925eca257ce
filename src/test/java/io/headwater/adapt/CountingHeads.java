package io.headwater.adapt;

import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Heads;
import io.headwater.engine.weights.Tensor;
import java.util.Map;

/** Real heads that count how many are opened for inference and how often they compute logits. */
final class CountingHeads implements Heads {
    private final Heads heads;
    private int opened;
    private int passes;

    CountingHeads(Heads heads) {
        this.heads = heads;
    }

    int opened() {
        return opened;
    }

    int passes() {
        return passes;
    }

    @Override
    public int inputs() {
        return heads.inputs();
    }

    @Override
    public String form() {
        return heads.form();
    }

    @Override
    public Head create(int outputs) {
        return heads.create(outputs);
    }

    @Override
    public Head restore(HeadState state) {
        return heads.restore(state);
    }

    @Override
    public Head answering(Map<String, Tensor.F32> parameters) {
        opened++;
        return new Counted(heads.answering(parameters));
    }

    @Override
    public void close() {
        heads.close();
    }

    private final class Counted implements Head {
        private final Head head;

        Counted(Head head) {
            this.head = head;
        }

        @Override
        public int inputs() {
            return head.inputs();
        }

        @Override
        public int outputs() {
            return head.outputs();
        }

        @Override
        public float[][] logits(float[][] features) {
            passes++;
            return head.logits(features);
        }

        @Override
        public double train(float[][] features, float[][] targets, float[] weights) {
            return head.train(features, targets, weights);
        }

        @Override
        public HeadState state() {
            return head.state();
        }

        @Override
        public void close() {
            head.close();
        }
    }
}
