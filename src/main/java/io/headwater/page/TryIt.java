package io.headwater.page;

import io.headwater.api.http.Caller;
import io.headwater.api.http.Desks;
import io.headwater.api.http.Problem;
import io.headwater.config.TaskKind;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.manage.Managed;
import io.headwater.online.CallResult.Answered;
import io.headwater.online.Desk;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers texts that people try on the page, where the prediction API runs in the same process. */
final class TryIt {
    private static final Set<TaskKind> TEXTS = EnumSet.of(TaskKind.TEXT_CLASSIFICATION, TaskKind.TOKEN_CLASSIFICATION);
    private static final int SHOWN = 8;

    private final Desks desks;
    private final Caller caller;
    private final Templates templates;

    TryIt(Desks desks, Caller caller, Templates templates) {
        this.desks = desks;
        this.caller = caller;
        this.templates = templates;
    }

    /** Returns whether a text can be tried. */
    static boolean isPossible(Desks desks, Lane lane) {
        return desks.of(lane.adaptation())
                .filter(desk -> TEXTS.contains(desk.adaptation().task()))
                .isPresent();
    }

    void ask(RoutingContext context) {
        Lane lane = Managed.lane(context);
        Desk desk = desks.of(lane.adaptation())
                .orElseThrow(() -> Problem.of(
                                404,
                                "Unknown adaptation",
                                "the role api does not run here for adaptation '%s'".formatted(lane.adaptation()))
                        .raised());
        caller.receive(
                context,
                body -> request(desk, FormInput.read(body).text("text")),
                request -> caller.ask(
                        context, desk, lane.domain(), null, List.of(request), answered -> answer(context, answered)));
    }

    private static Request request(Desk desk, String text) {
        Request request = new Request(
                UUID.randomUUID().toString(),
                new Payload.Text(text),
                Instant.now(),
                desk.adaptation().name());
        return orProblem(desk.check(request));
    }

    private static <T> T orProblem(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Rejected<T> rejected) {
            throw Problem.of(rejected.rejection()).raised();
        }
        return ((Outcome.Ok<T>) outcome).value();
    }

    private void answer(RoutingContext context, Answered answered) {
        Prediction prediction = orProblem(answered.outcomes().get(0));
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("answer", prediction.answer().text());
        values.put("version", prediction.version().toString());
        values.put(
                "bars",
                prediction.probabilities().entrySet().stream()
                        .sorted(Map.Entry.<String, Float>comparingByValue().reversed())
                        .limit(SHOWN)
                        .map(one -> Bar.of(one.getKey(), one.getValue()))
                        .toList());
        PageRoutes.html(context, 200, templates.render("answer", values));
    }
}
