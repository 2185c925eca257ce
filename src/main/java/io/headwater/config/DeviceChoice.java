package io.headwater.config;

/** What a process may compute on. */
public enum DeviceChoice {
    /** The processor alone. */
    CPU,
    /** A GPU; where there is none that can be used, the process does not start. */
    GPU,
    /** A GPU where there is one that can be used, else the processor. */
    GPU_OR_CPU
}
