package io.headwater.config;

/** The devices that a process may compute on. */
public enum DeviceChoice {
    /** The CPU only. */
    CPU,
    /** A GPU. The process does not start without a usable GPU. */
    GPU,
    /** A GPU if there is a usable one, otherwise the CPU. */
    GPU_OR_CPU
}
