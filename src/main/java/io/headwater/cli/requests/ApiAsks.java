package io.headwater.cli.requests;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.cli.console.ManagementApi;
import io.headwater.domain.Lane;
import io.headwater.ops.lane.LaneAskList.Row;
import java.time.Instant;
import java.util.List;

/** The requests of a lane that have no label yet, as the management API knows them. */
final class ApiAsks {
    private ApiAsks() {}

    private record Found(List<One> asks) {}

    private record One(
            String id,
            Instant at,
            JsonNode prediction,
            double score,
            String strategy,
            double probability,
            String text) {
        Row row() {
            return Row.open(
                    id,
                    at,
                    prediction.isTextual() ? prediction.asText() : prediction.toString(),
                    score,
                    strategy,
                    probability,
                    text);
        }
    }

    /** Returns the newest thousand. */
    static List<Row> of(ManagementApi api, Lane lane) throws InterruptedException {
        String path = "/lanes/%s/%s/asks?limit=1000"
                .formatted(ManagementApi.encoded(lane.adaptation()), ManagementApi.encoded(lane.domain()));
        return api.get(path, Found.class).asks().stream().map(One::row).toList();
    }
}
