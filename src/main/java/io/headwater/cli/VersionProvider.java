package io.headwater.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Provides the release version that the build recorded in the manifest of the application's jar. */
public class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = VersionProvider.class.getPackage().getImplementationVersion();
        return new String[] {"headwater " + Objects.requireNonNullElse(version, "unknown")};
    }
}
