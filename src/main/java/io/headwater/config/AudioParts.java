package io.headwater.config;

import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.AudioKeys.ReadsKind;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.MelFilters.MelNorm;
import io.headwater.config.MelFilters.MelScale;
import io.headwater.config.Spectrum.Measure;
import io.headwater.config.Spectrum.Taper;
import io.headwater.config.WindowContent.RawWaveform;
import java.util.List;
import java.util.Optional;

/** WindowContent the audio input of a manifest; a part is empty when a fault of it was noted. */
record AudioParts(BaseModelParts parts) {

    Optional<BaseModelInput> input() {
        Optional<String> name = values().require(BaseModelKeys.INPUT);
        Optional<Integer> rate = values().require(AudioKeys.SAMPLE_RATE);
        Amplitude amplitude = values().get(AudioKeys.AMPLITUDE, Amplitude.UNIT);
        Optional<Double> maxSeconds = values().require(AudioKeys.MAX_SECONDS);
        ClipPadding padding = values().get(AudioKeys.PADDING, ClipPadding.ZEROS);
        Optional<ReadsKind> kind = values().require(AudioKeys.READS);
        Optional<ClipWindows> windows = windows();
        if (kind.isEmpty()) {
            values().skip("input");
            return Optional.empty();
        }
        Optional<WindowContent> reads = kind.flatMap(this::reads);
        if (name.isEmpty() || rate.isEmpty() || maxSeconds.isEmpty() || reads.isEmpty() || windows.isEmpty()) {
            return Optional.empty();
        }
        List<Breach> breaches = AudioInput.breaches(rate.get(), reads.get(), windows.get());
        breaches.forEach(breach -> values().fault(breach.key(), breach.message()));
        return breaches.isEmpty()
                ? Optional.of(new AudioInput(
                        name.get(), rate.get(), amplitude, maxSeconds.get(), padding, reads.get(), windows.get()))
                : Optional.empty();
    }

    private Optional<ClipWindows> windows() {
        Optional<Integer> size = values().require(AudioKeys.WINDOW_SIZE);
        Optional<Integer> step = values().find(AudioKeys.WINDOW_STEP).or(() -> size);
        WindowPooling pooling = values().get(AudioKeys.WINDOW_POOLING, WindowPooling.MEAN);
        return size.map(found -> new ClipWindows(found, step.orElseThrow(), pooling));
    }

    private Optional<WindowContent> reads(ReadsKind kind) {
        return switch (kind) {
            case WAVEFORM -> Optional.of(new RawWaveform());
            case LOG_MEL -> logMel();
            case STAGE -> stage();
        };
    }

    private Optional<WindowContent> logMel() {
        Optional<FrameForm> form = form();
        Optional<Spectrum> spectrum = spectrum();
        Optional<MelFilters> filters = filters();
        double floor = values().get(AudioKeys.FLOOR, 1e-6);
        return form.isPresent() && spectrum.isPresent() && filters.isPresent()
                ? Optional.of(new LogMel(form.get(), spectrum.get(), filters.get(), floor))
                : Optional.empty();
    }

    private Optional<Spectrum> spectrum() {
        Optional<Integer> fft = values().require(AudioKeys.FFT_SIZE);
        Optional<Integer> frame = values().find(AudioKeys.FRAME_SIZE).or(() -> fft);
        Optional<Integer> hop = values().require(AudioKeys.HOP);
        Taper taper = values().get(AudioKeys.TAPER, Taper.HANN);
        Measure measure = values().get(AudioKeys.MEASURE, Measure.POWER);
        return fft.isPresent() && hop.isPresent()
                ? Optional.of(new Spectrum(fft.get(), frame.orElseThrow(), hop.get(), taper, measure))
                : Optional.empty();
    }

    private Optional<MelFilters> filters() {
        double low = values().get(AudioKeys.LOW, 0.0);
        Optional<Double> high = values().require(AudioKeys.HIGH);
        MelScale scale = values().get(AudioKeys.MEL_SCALE, MelScale.HTK);
        MelNorm norm = values().get(AudioKeys.MEL_NORM, MelNorm.NONE);
        return high.map(found -> new MelFilters(low, found, scale, norm));
    }

    private Optional<WindowContent> stage() {
        Optional<FrameForm> form = form();
        Optional<ModelFile> file = parts.file(AudioKeys.STAGE_LOCATION, AudioKeys.STAGE_DIGEST);
        Optional<String> input = values().require(AudioKeys.STAGE_INPUT);
        Optional<String> output = values().require(AudioKeys.STAGE_OUTPUT);
        return form.isPresent() && file.isPresent() && input.isPresent() && output.isPresent()
                ? Optional.of(new Stage(form.get(), file.get(), input.get(), output.get()))
                : Optional.empty();
    }

    private Optional<FrameForm> form() {
        Optional<Integer> bins = values().require(AudioKeys.BINS);
        Optional<FrameForm.Axes> axes = values().require(AudioKeys.AXES);
        double factor = values().get(AudioKeys.FACTOR, 1.0);
        double offset = values().get(AudioKeys.OFFSET, 0.0);
        return bins.isPresent() && axes.isPresent()
                ? Optional.of(new FrameForm(bins.get(), axes.get(), factor, offset))
                : Optional.empty();
    }

    private YamlValues values() {
        return parts.values();
    }
}
