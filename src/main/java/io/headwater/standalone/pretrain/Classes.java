package io.headwater.standalone.pretrain;

import java.util.List;

/**
 * Samples with class labels.
 *
 * @param rows read the model input of each sample
 * @param classes class index of each sample
 */
record Classes(List<Row> rows, int[] classes) implements Curriculum {
    /** Supplies the model input of a sample. */
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
