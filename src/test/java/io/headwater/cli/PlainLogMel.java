package io.headwater.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Log-mel frames as the description of an exported model says, in the plainest way: a sum for each frequency. */
final class PlainLogMel {
    private PlainLogMel() {}

    /** Returns the first {@code count} frames of a sound, frame by frame. */
    static float[] frames(JsonNode input, float[] sound, int count) {
        JsonNode mel = input.get("log-mel");
        int bins = input.get("bins").asInt();
        int fft = mel.get("fft-size").asInt();
        double rate = input.get("sample-rate").asDouble();
        double low = mel(mel.get("low").asDouble());
        double high = mel(mel.get("high").asDouble());
        float[] frames = new float[count * bins];
        for (int frame = 0; frame < count; frame++) {
            double[] energies = energies(mel, sound, frame * mel.get("hop").asInt(), fft);
            for (int bin = 0; bin < bins; bin++) {
                double left = hertz(low + (high - low) * bin / (bins + 1));
                double centre = hertz(low + (high - low) * (bin + 1) / (bins + 1));
                double right = hertz(low + (high - low) * (bin + 2) / (bins + 1));
                double sum = 0;
                for (int k = 0; k < energies.length; k++) {
                    double at = k * rate / fft;
                    sum += energies[k]
                            * Math.max(0, Math.min((at - left) / (centre - left), (right - at) / (right - centre)));
                }
                frames[frame * bins + bin] =
                        (float) (Math.log(sum + mel.get("floor").asDouble())
                                        * input.get("factor").asDouble()
                                + input.get("offset").asDouble());
            }
        }
        return frames;
    }

    /** The power spectrum of a frame with a Hann window. */
    private static double[] energies(JsonNode mel, float[] sound, int start, int fft) {
        int size = mel.get("frame-size").asInt();
        double[] energies = new double[fft / 2 + 1];
        for (int k = 0; k < energies.length; k++) {
            double real = 0;
            double imaginary = 0;
            for (int i = 0; i < size; i++) {
                double value = sound[start + i] * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / size));
                real += value * Math.cos(2 * Math.PI * k * i / fft);
                imaginary -= value * Math.sin(2 * Math.PI * k * i / fft);
            }
            energies[k] = real * real + imaginary * imaginary;
        }
        return energies;
    }

    private static double mel(double hertz) {
        return 2595 * Math.log10(1 + hertz / 700);
    }

    private static double hertz(double mel) {
        return 700 * (Math.pow(10, mel / 2595) - 1);
    }
}
