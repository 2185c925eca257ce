package io.headwater.standalone.pretrain;

import java.util.List;

/**
 * Samples of classes.
 *
 * @param rows reads what the model is shown of each
 * @param classes index of the class of each
 */
record Classes(List<Row> rows, int[] classes) implements Curriculum {
    /** What a model is shown. */
    @FunctionalInterface
    interface Row {
        float[] values();
    }

    @Override
    public int samples() {
        return rows.size();
    }

    @Override
    public Batch.Sample sample(int index, long turn) {
        return new Batch.Sample(rows.get(index).values(), new float[] {classes[index]});
    }

    @Override
    public boolean isLanguage() {
        return false;
    }
}
