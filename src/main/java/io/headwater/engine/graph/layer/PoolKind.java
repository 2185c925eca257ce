package io.headwater.engine.graph.layer;

import com.fasterxml.jackson.databind.EnumNamingStrategies;
import com.fasterxml.jackson.databind.annotation.EnumNaming;

/** How pooling reduces values to one. */
@EnumNaming(EnumNamingStrategies.LowerCamelCaseStrategy.class)
public enum PoolKind {
    /** The maximum. */
    MAX,
    /** The mean; zeros added by padding do not count. */
    AVERAGE
}
