/** Floor 4: topics, clients and reading a partition to its end: what every role needs of Kafka. */
@NullMarked
package io.headwater.kafka;

import org.jspecify.annotations.NullMarked;
