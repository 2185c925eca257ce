package io.headwater.engine.sound;

import io.headwater.config.AudioInput;
import io.headwater.config.FrameForm;
import io.headwater.config.LogMel;
import io.headwater.config.MelFilters;
import io.headwater.config.Spectrum;
import io.headwater.config.Stage;
import io.headwater.config.WindowContent;

/**
 * The canonical text of everything in the manifest that affects the features of a sound. It is built explicitly rather
 * than from the records, so that it does not change when they gain components.
 */
final class AudioDescription {
    private AudioDescription() {}

    /** Returns one line per part; files are identified by digest, not by name. */
    static String of(AudioInput input) {
        return "rate " + input.sampleRate() + "\namplitude " + input.amplitude().name() + "\nseconds "
                + input.maxSeconds() + "\npadding " + input.padding().name() + "\n" + reads(input.reads())
                + "windows " + input.windows().size() + " by " + input.windows().step() + "\n";
    }

    private static String reads(WindowContent reads) {
        if (reads instanceof LogMel mel) {
            Spectrum spectrum = mel.spectrum();
            MelFilters filters = mel.filters();
            return "log-mel " + spectrum.fftSize() + " " + spectrum.frameSize() + " " + spectrum.hop() + " "
                    + spectrum.taper().name() + " " + spectrum.measure().name() + "\nfilters " + filters.low() + " "
                    + filters.high() + " " + filters.scale().name() + " "
                    + filters.norm().name() + "\nfloor " + mel.floor() + "\n" + form(mel.form());
        }
        if (reads instanceof Stage stage) {
            return "stage " + stage.file().digest().hex() + "\nfrom " + stage.input() + "\nto " + stage.output() + "\n"
                    + form(stage.form());
        }
        return "waveform\n";
    }

    private static String form(FrameForm form) {
        return "form " + form.bins() + " " + form.axes().name() + " " + form.factor() + " " + form.offset() + "\n";
    }
}
