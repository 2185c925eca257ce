package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.kafka.Topic;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

class EventTypeTest {

    @Test
    void shouldListEveryTypeOfEvent() throws IllegalAccessException {
        List<EventType<?>> constants = new ArrayList<>();
        for (Field field : EventType.class.getFields()) {
            if (field.get(null) instanceof EventType<?> type) {
                constants.add(type);
            }
        }

        assertThat(EventType.ALL).containsExactlyInAnyOrderElementsOf(constants);
    }

    @Test
    void shouldNameTheTopicOfEachTypeAndNoTopicTwiceExceptThatOfEvaluations() {
        assertThat(EventType.DRIFT_SIGNAL.name()).isEqualTo(EventType.EVALUATION.name());
        assertThat(EventType.ALL.stream()
                        .filter(type -> type != EventType.DRIFT_SIGNAL)
                        .map(EventType::name))
                .doesNotHaveDuplicates()
                .isSubsetOf(Stream.of(Topic.values()).map(Topic::suffix).toList());
    }

    @Test
    void shouldWriteTheSchemasOfTheSchemasFolder() {
        assertThat(EventType.ALL)
                .allSatisfy(type -> assertThat(SchemaNormalization.toParsingForm(type.schema()))
                        .isEqualTo(SchemaNormalization.toParsingForm(
                                SchemaFiles.current(type.type().getSimpleName()))));
        assertThat(EventType.ALL.stream().map(EventType::schema).map(Schema::getName))
                .isSubsetOf(SchemaFiles.EVENTS);
    }
}
