package io.headwater.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Gives test methods a {@link BrokerUnderTest} that runs in a container; needs an engine, so it is tagged {@code container}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("container")
@ExtendWith(BrokerExtension.Container.class)
public @interface OnContainerBroker {}
