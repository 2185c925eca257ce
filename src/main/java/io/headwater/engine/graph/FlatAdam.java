package io.headwater.engine.graph;

import io.headwater.engine.Nd4jRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;

/** Adam (Kingma and Ba 2015) over one flat array of parameters, by ND4J's updater. */
final class FlatAdam implements AutoCloseable {
    private final INDArray state;
    private final GradientUpdater<?> updater;
    private long iteration;

    /**
     * Goes on from a state.
     *
     * @param moments all first moments, then all second ones
     * @param iteration steps taken
     */
    FlatAdam(double learningRate, float[] moments, long iteration) {
        Nd4jRuntime.start();
        state = Nd4j.create(moments, new long[] {1, moments.length}, 'c');
        updater = new Adam(learningRate, 0.9, 0.999, 1e-8).instantiate(state, false);
        this.iteration = iteration;
    }

    /** One step: changes {@code parameters} in place. */
    void step(float[] parameters, float[] gradient) {
        try (INDArray update = Nd4j.create(gradient, new long[] {1, gradient.length}, 'c')) {
            updater.applyUpdater(update, Math.toIntExact(iteration), 0);
            float[] values = update.data().asFloat();
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] -= values[i];
            }
        }
        iteration++;
    }

    float[] moments() {
        return state.data().asFloat();
    }

    long iteration() {
        return iteration;
    }

    @Override
    public void close() {
        state.close();
    }
}
