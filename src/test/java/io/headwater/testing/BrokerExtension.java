package io.headwater.testing;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts a broker when the first test needs it, and stops it after the last test of the JVM. */
abstract sealed class BrokerExtension implements ParameterResolver {

    private static final Namespace BROKERS = Namespace.create(BrokerExtension.class);

    private final Supplier<BrokerUnderTest> start;

    private BrokerExtension(Supplier<BrokerUnderTest> start) {
        this.start = start;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == BrokerUnderTest.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The root store closes its values after all tests.
        return context.getRoot()
                .getStore(BROKERS)
                .computeIfAbsent(getClass(), absent -> started(), BrokerUnderTest.class);
    }

    private BrokerUnderTest started() {
        TestLog.open();
        return start.get();
    }

    static final class Embedded extends BrokerExtension {
        Embedded() {
            super(EmbeddedBrokerUnderTest::new);
        }
    }

    static final class Container extends BrokerExtension {
        Container() {
            super(ContainerBrokerUnderTest::new);
        }
    }
}
