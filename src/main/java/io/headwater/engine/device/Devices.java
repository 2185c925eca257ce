package io.headwater.engine.device;

import io.headwater.config.ConfigurationException;
import io.headwater.config.DeviceChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The device of each part of the engine.
 *
 * @param onnxRuntime the device of backbones and of heads that are parts of an ONNX model
 * @param nd4j the device of heads that are Deeplearning4j graphs
 */
public record Devices(Device onnxRuntime, Device nd4j) {
    private static final Logger LOG = Logger.getLogger(Devices.class);
    private static final String HEADS_ON_CPU =
            "; use the build with -Pcuda-backbone, in which such heads compute on the processor";

    /** All parts on the CPU. */
    public static final Devices CPU = new Devices(Device.CPU, Device.CPU);

    /**
     * Chooses the devices of this process. Without a choice, each part uses the device for which its library was built.
     *
     * @throws ConfigurationException if parts cannot compute on any device that {@code choice} allows; names all such
     *     parts
     */
    public static Devices choose(Optional<DeviceChoice> choice) {
        return choose(choice, EngineBuild.current(), GpuSurvey::ofThisMachine);
    }

    /** The same for a given build and machine; the machine is queried only if the result depends on it. */
    static Devices choose(Optional<DeviceChoice> choice, EngineBuild build, Supplier<GpuSurvey> machine) {
        boolean matters = build.nd4jCuda() || (build.onnxCuda() && !choice.equals(Optional.of(DeviceChoice.CPU)));
        GpuSurvey survey = matters ? machine.get() : new GpuSurvey.Missing("nobody asked");
        List<String> faults = new ArrayList<>();
        Device onnxRuntime = onnxRuntime(choice, build, survey, faults);
        Device nd4j = nd4j(choice, build, survey, faults);
        if (!faults.isEmpty()) {
            throw ConfigurationException.ofAll(faults);
        }
        report("backbone", onnxRuntime);
        report("head", nd4j);
        return new Devices(onnxRuntime, nd4j);
    }

    /** ONNX Runtime can always fall back to the CPU. */
    private static Device onnxRuntime(
            Optional<DeviceChoice> choice, EngineBuild build, GpuSurvey survey, List<String> faults) {
        DeviceChoice wanted = choice.orElse(build.onnxCuda() ? DeviceChoice.GPU : DeviceChoice.CPU);
        if (wanted == DeviceChoice.CPU) {
            return Device.CPU;
        }
        String objection = build.onnxCuda()
                ? objection(GpuLibrary.ONNX_RUNTIME, survey)
                : "this build of ONNX Runtime has no CUDA; build with -Pcuda";
        if (objection.isEmpty() && survey instanceof GpuSurvey.Found found) {
            return new Device.Cuda(found.gpu());
        }
        if (wanted == DeviceChoice.GPU) {
            faults.add("headwater.device must be a device that this machine has, but the backbone cannot use a gpu: "
                    + objection + "; or set HEADWATER_DEVICE to gpu-or-cpu or cpu");
        }
        return new Device.Fallback(objection);
    }

    /**
     * ND4J computes on the device of its only back end. With a CPU back end this is not a fallback, but the build's
     * device.
     */
    private static Device nd4j(
            Optional<DeviceChoice> choice, EngineBuild build, GpuSurvey survey, List<String> faults) {
        if (!build.nd4jCuda()) {
            return Device.CPU;
        }
        if (choice.equals(Optional.of(DeviceChoice.CPU))) {
            faults.add("headwater.device must be gpu or gpu-or-cpu in this build, but is 'cpu': its ND4J has CUDA alone"
                    + HEADS_ON_CPU);
            return Device.CPU;
        }
        String objection = objection(GpuLibrary.ND4J, survey);
        if (objection.isEmpty() && survey instanceof GpuSurvey.Found found) {
            return new Device.Cuda(found.gpu());
        }
        faults.add("headwater.device must be a device that this machine has, but the head cannot use a gpu: "
                + objection + ", and in this build ND4J has CUDA alone" + HEADS_ON_CPU);
        return Device.CPU;
    }

    private static String objection(GpuLibrary library, GpuSurvey survey) {
        return survey instanceof GpuSurvey.Found found
                ? library.objection(found.gpu()).orElse("")
                : ((GpuSurvey.Missing) survey).reason();
    }

    private static void report(String part, Device device) {
        if (device instanceof Device.Fallback fallback) {
            LOG.warnf("device-fallback part=%s device=cpu reason=\"%s\"", part, fallback.reason());
        }
    }
}
