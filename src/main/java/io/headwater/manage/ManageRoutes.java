package io.headwater.manage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.api.http.Caller;
import io.headwater.api.http.Problem;
import io.headwater.api.http.Responses;
import io.headwater.board.BoardContent;
import io.headwater.board.DeadLetter;
import io.headwater.board.LaneStory;
import io.headwater.board.LaneView;
import io.headwater.domain.Lane;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The management API: {@code /api/v1/lanes}, {@code /api/v1/dead-letters} and {@code /api/v1/events}. */
public final class ManageRoutes {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String LANES = "/api/v1/lanes";
    private static final String LANE = LANES + "/:adaptation/:domain";
    private static final String LETTERS = "/api/v1/dead-letters";
    private static final int MOST = 1000;
    private static final int USUAL = 100;
    private static final Set<String> COMMAND = Set.of("action", "version", "expectedVersion", "sample", "by", "reason");

    private final Managed managed;
    private final Caller caller;
    private final LaneEventStream events = new LaneEventStream();

    /** Creates routes to what {@code managed} has. */
    public ManageRoutes(Managed managed, Caller caller) {
        this.managed = managed;
        this.caller = caller;
    }

    /** Adds them to a router. */
    public void mount(Router router) {
        get(router, LANES, this::lanes);
        get(router, LANE, context -> Responses.ok(context, LaneJson.of(story(context))));
        list(router, "versions", story -> story.versions(), LaneJson::of);
        list(router, "evaluations", story -> story.lane().curve(), LaneJson::of);
        get(router, LANE + "/decisions", this::decisions);
        get(router, LANE + "/asks", this::asks);
        get(router, LANE + "/answers", context -> Responses.ok(context, AnswerJson.of(story(context))));
        get(router, LANE + "/mistakes", this::mistakes);
        get(
                router,
                LANE + "/asks/:id/input",
                context ->
                        input(context, () -> managed.inputs().ofAsk(Managed.lane(context), context.pathParam("id"))));
        get(
                router,
                LANE + "/mistakes/:offset/input",
                context -> input(
                        context,
                        () -> managed.inputs()
                                .ofMistake(story(context), ChangeInput.number("offset", context.pathParam("offset")))));
        get(router, LETTERS, this::letters);
        get(router, "/api/v1/events", context -> events.begin(context, content(), lane(context, "lane")));
        post(router, LANE + "/commands", this::command);
        post(router, LANE + "/asks/:id", this::label);
        post(router, LETTERS + "/:id/replay", this::replay);
    }

    private void get(Router router, String path, Consumer<RoutingContext> handler) {
        router.route(HttpMethod.GET, path).handler(context -> caller.guard(context, () -> handler.accept(context)));
    }

    private void post(Router router, String path, Consumer<RoutingContext> handler) {
        router.route(HttpMethod.POST, path).handler(context -> caller.guard(context, () -> handler.accept(context)));
    }

    private <T> void list(Router router, String name, Function<LaneStory, List<T>> all, Function<T, ObjectNode> write) {
        get(router, LANE + "/" + name, context -> {
            ObjectNode json =
                    JSON.objectNode().put("lane", Managed.lane(context).key());
            json.set(name, LaneJson.array(all.apply(story(context)), write));
            Responses.ok(context, json);
        });
    }

    private BoardContent content() {
        return managed.board().content();
    }

    private LaneStory story(RoutingContext context) {
        return managed.story(Managed.lane(context));
    }

    private static @Nullable Lane lane(RoutingContext context, String parameter) {
        String key = context.request().getParam(parameter);
        try {
            return key == null ? null : Lane.parse(key);
        } catch (IllegalArgumentException e) {
            throw Problem.malformed(String.valueOf(e.getMessage())).raised();
        }
    }

    private static int limit(RoutingContext context) {
        String text = context.request().getParam("limit");
        long limit = text == null ? USUAL : ChangeInput.number("limit", text);
        if (limit < 1 || limit > MOST) {
            throw Problem.malformed("limit must be 1 to %d, but is %d".formatted(MOST, limit))
                    .raised();
        }
        return (int) limit;
    }

    private void lanes(RoutingContext context) {
        int limit = limit(context);
        Lane after = lane(context, "after");
        List<LaneView> rest = content().lanes().stream()
                .filter(one -> after == null || one.lane().compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        List<LaneView> page = rest.subList(0, Math.min(limit, rest.size()));
        ObjectNode json = JSON.objectNode();
        json.set("lanes", LaneJson.array(page, LaneJson::of));
        json.put("next", rest.size() > limit ? page.get(page.size() - 1).lane().key() : null);
        Responses.ok(context, json);
    }

    private void decisions(RoutingContext context) {
        LaneStory story = story(context);
        ObjectNode json = JSON.objectNode().put("lane", story.lane().lane().key());
        json.set("serving", LaneJson.array(story.reigns(), LaneJson::of));
        json.set("verdicts", LaneJson.array(story.verdicts(), LaneJson::of));
        json.set("marks", LaneJson.array(story.marks(), LaneJson::of));
        Responses.ok(context, json);
    }

    private void asks(RoutingContext context) {
        Lane lane = story(context).lane().lane();
        ObjectNode json = JSON.objectNode().put("lane", lane.key());
        json.set(
                "asks",
                LaneJson.array(
                        content().asks(lane).stream().limit(limit(context)).toList(), LaneJson::of));
        Responses.ok(context, json);
    }

    private void mistakes(RoutingContext context) {
        LaneStory story = story(context);
        caller.block(context, () -> managed.inputs().mistakes(story), mistakes -> {
            ObjectNode json = JSON.objectNode().put("lane", story.lane().lane().key());
            json.set(
                    "mistakes",
                    LaneJson.array(
                            mistakes, mistake -> AnswerJson.of(story.lane().lane(), mistake)));
            Responses.ok(context, json);
        });
    }

    /** Answers with what a stranger has sent: the browser may show it, and do nothing else with it. */
    private void input(RoutingContext context, Callable<InputMedia> input) {
        caller.block(context, input, media -> {
            context.response()
                    .putHeader("Content-Security-Policy", "default-src 'none'; sandbox")
                    .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader(HttpHeaders.CONTENT_TYPE, media.type())
                    .putHeader(HttpHeaders.CACHE_CONTROL, "private, max-age=600")
                    .end(Buffer.buffer(media.bytes()));
        });
    }

    private void letters(RoutingContext context) {
        Lane lane = lane(context, "lane");
        List<DeadLetter> found = content().letters().stream()
                .filter(letter -> lane == null
                        || letter.domain().equals(lane.domain())
                                && letter.adaptation().equals(lane.adaptation()))
                .limit(limit(context))
                .toList();
        ObjectNode json = JSON.objectNode();
        json.set("deadLetters", LaneJson.array(found, LaneJson::of));
        Responses.ok(context, json);
    }

    private void command(RoutingContext context) {
        LaneStory story = story(context);
        caller.receive(
                context,
                body -> {
                    RequestedChange change =
                            ChangeInput.read(body, COMMAND).change(story.lane().lane());
                    managed.changes().carryOut(change);
                    return change;
                },
                change -> Responses.ok(
                        context,
                        JSON.objectNode()
                                .put("lane", change.lane().key())
                                .put("action", change.action().name().toLowerCase(Locale.ROOT))));
    }

    private void label(RoutingContext context) {
        Lane lane = Managed.lane(context);
        String id = context.pathParam("id");
        caller.receive(
                context,
                body -> {
                    managed.changes()
                            .label(
                                    lane,
                                    id,
                                    ChangeInput.read(body, Set.of("label")).text("label"));
                    return id;
                },
                labelled -> Responses.json(
                        context, 202, JSON.objectNode().put("id", id).put("lane", lane.key())));
    }

    private void replay(RoutingContext context) {
        String id = context.pathParam("id");
        caller.receive(
                context,
                body -> {
                    managed.changes()
                            .replay(id, ChangeInput.read(body, Set.of("by")).text("by"));
                    return id;
                },
                replayed -> Responses.ok(context, JSON.objectNode().put("id", id)));
    }
}
