package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;

/** What pooling takes of its values. */
@EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
public enum PoolKind {
    /** The largest. */
    MAX,
    /** Their mean; zeros that padding added do not count. */
    AVERAGE
}
