package io.headwater.page;

import io.headwater.api.http.Caller;
import io.headwater.api.http.Desks;
import io.headwater.api.http.Guards;
import io.headwater.api.http.Problem;
import io.headwater.board.BoardContent;
import io.headwater.board.LaneStory;
import io.headwater.board.LaneView;
import io.headwater.board.chart.Figures;
import io.headwater.board.chart.LaneChart;
import io.headwater.board.chart.LineageChart;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Lane;
import io.headwater.manage.Changes;
import io.headwater.manage.ManagePaths;
import io.headwater.manage.Managed;
import io.headwater.manage.RequestedChange;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The page: an overview of all lanes, a page for each lane, and the dead letters. */
public final class PageRoutes {
    private static final String LANE = "/lanes/:adaptation/:domain";
    private static final int LANES = 100;
    private static final int LETTERS = 100;
    private static final int SHOWN_ASKS = 20;
    private static final int VERSIONS = 15;
    private static final int LINEAGE = 40;
    private static final int MARKS = 8;
    private static final int MISTAKES = 10;

    private final Managed managed;
    private final Desks desks;
    private final Caller caller;
    private final Clock clock;
    private final Templates templates = new Templates();
    private final Assets assets = new Assets();
    private final SecurityHeaders security = new SecurityHeaders();

    /**
     * Creates routes to what {@code managed} has.
     *
     * @param desks where texts can be tried, if they are answered in this process
     * @param caller writes problems with {@link #problem}
     */
    public PageRoutes(Managed managed, Desks desks, Caller caller, Clock clock) {
        this.managed = managed;
        this.desks = desks;
        this.caller = caller;
        this.clock = clock;
    }

    /** Adds them to a router, behind {@code guards}. */
    public void mount(Router router, Guards guards) {
        List<String> pages = List.of("/", "/lanes/*", "/dead-letters", "/dead-letters/*");
        pages.forEach(path -> router.route(path).handler(security));
        router.route("/assets/*").handler(security);
        guards.mount(router, pages, PageRoutes::problem);
        assets.mount(router);
        route(router, HttpMethod.GET, "/", this::overview);
        route(router, HttpMethod.GET, LANE, this::lane);
        route(router, HttpMethod.GET, LANE + "/mistakes", this::mistakes);
        route(router, HttpMethod.GET, "/dead-letters", this::letters);
        route(router, HttpMethod.POST, LANE + "/commands", this::command);
        route(router, HttpMethod.POST, LANE + "/asks/:id", this::label);
        route(router, HttpMethod.POST, LANE + "/try", new TryIt(desks, caller, templates)::ask);
        route(router, HttpMethod.POST, "/dead-letters/:id/replay", this::replay);
    }

    private void route(Router router, HttpMethod method, String path, Consumer<RoutingContext> handler) {
        router.route(method, path).handler(context -> caller.guard(context, () -> handler.accept(context)));
    }

    private void overview(RoutingContext context) {
        String wanted = parameter(context, "q").strip().toLowerCase(Locale.ROOT);
        Instant now = clock.instant();
        List<LaneView> all = managed.board().content().lanes();
        List<LaneView> found = all.stream()
                .filter(one -> one.lane().key().toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
        Map<String, @Nullable Object> values = values("Lanes", "/api/v1/events");
        values.put("q", parameter(context, "q"));
        values.put(
                "lanes",
                found.stream().limit(LANES).map(one -> LaneRow.of(one, now)).toList());
        values.put("found", found.size());
        values.put("all", all.size());
        values.put("shown", LANES);
        values.put("drifting", all.stream().filter(one -> one.drift() != null).count());
        values.put("asks", all.stream().mapToInt(LaneView::asks).sum());
        values.put("letters", managed.board().content().letters().size());
        html(context, 200, templates.render("overview", values));
    }

    private void lane(RoutingContext context) {
        Lane lane = Managed.lane(context);
        LaneStory story = managed.story(lane);
        BoardContent content = managed.board().content();
        Instant now = clock.instant();
        Map<String, @Nullable Object> values =
                values(lane.key(), "/api/v1/events?lane=" + ManagePaths.segment(lane.key()));
        values.put("lane", LaneRow.of(story.lane(), now));
        values.put("chart", LaneChart.of(story));
        values.put("samplesInTrail", LaneChart.SAMPLES);
        values.put("lineage", LineageChart.of(story, LINEAGE));
        values.put("decisions", decisions(story));
        values.put(
                "versions",
                Lists.newestFirst(story.versions()).stream()
                        .limit(VERSIONS)
                        .map(version -> VersionLine.of(version, story.lane().serving(), now))
                        .toList());
        values.put(
                "marks",
                Lists.newestFirst(story.marks()).stream()
                        .limit(MARKS)
                        .map(mark -> MarkLine.of(mark, now))
                        .toList());
        values.put(
                "verdicts",
                Lists.newestFirst(story.verdicts()).stream()
                        .limit(MARKS)
                        .map(mark -> MarkLine.of(mark, now))
                        .toList());
        values.put(
                "contenders",
                story.contenders().entrySet().stream()
                        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                        .map(one -> Bar.of(one.getKey(), one.getValue()))
                        .toList());
        boolean isAnswered = story.answers().samples() > 0;
        values.put("confusion", isAnswered ? ConfusionTable.of(story) : null);
        values.put("reliability", isAnswered ? ReliabilityChart.of(story.answers()) : null);
        values.put("coverage", story.coverage() == null ? null : Figures.percent(story.coverage()));
        values.put(
                "asks",
                content.asks(lane).stream()
                        .limit(SHOWN_ASKS)
                        .map(ask -> AskLine.of(ask, story.labels(), now))
                        .toList());
        values.put(
                "letters",
                content.letters().stream()
                        .filter(letter -> letter.domain().equals(lane.domain())
                                && letter.adaptation().equals(lane.adaptation()))
                        .limit(SHOWN_ASKS)
                        .map(letter -> LetterLine.of(letter, now))
                        .toList());
        values.put("tryable", TryIt.isPossible(desks, lane));
        html(context, 200, templates.render("lane", values));
    }

    /** A part of the page of a lane, which loads it by itself: inputs are read from the brokers. */
    private void mistakes(RoutingContext context) {
        LaneStory story = managed.story(Managed.lane(context));
        Instant now = clock.instant();
        caller.block(
                context,
                () -> managed.inputs().mistakes(story),
                mistakes -> html(
                        context,
                        200,
                        templates.render(
                                "mistakes",
                                Map.of(
                                        "mistakes",
                                        mistakes.stream()
                                                .limit(MISTAKES)
                                                .map(one -> MistakeLine.of(
                                                        one, story.lane().lane(), now))
                                                .toList()))));
    }

    private static List<Decision> decisions(LaneStory story) {
        Decision forget = Decision.of(
                "forget",
                "Forget a sample",
                "The sample is taken out of what the lane has learned, as far as its method can.");
        Decision learns = switch (story.lane().learning()) {
            case PAUSED -> Decision.of("resume", "Resume", "The lane trains on samples again.");
            case LEARNING, HELD ->
                Decision.of("pause", "Pause", "The lane goes on serving and scoring, but does not train on samples.");
        };
        return story.lane().learning() == LaneView.Learning.HELD
                ? List.of(
                        Decision.of("unpin", "Let the gate decide", "The gate decides about later versions again."),
                        learns,
                        forget)
                : List.of(learns, forget);
    }

    private void letters(RoutingContext context) {
        Instant now = clock.instant();
        Map<String, @Nullable Object> values = values("Dead letters", "/api/v1/events");
        values.put(
                "letters",
                managed.board().content().letters().stream()
                        .limit(LETTERS)
                        .map(letter -> LetterLine.of(letter, now))
                        .toList());
        html(context, 200, templates.render("letters", values));
    }

    private void command(RoutingContext context) {
        Lane lane = Managed.lane(context);
        caller.receive(
                context,
                body -> {
                    FormInput form = FormInput.read(body);
                    RequestedChange change = new RequestedChange(
                            lane,
                            action(form.text("action")),
                            form.number("version"),
                            form.number("expected"),
                            form.text("sample").strip(),
                            form.text("by"),
                            form.text("reason"));
                    managed.changes().carryOut(change);
                    return change;
                },
                change -> done(context, "Done: %s %s.".formatted(Figures.word(change.action()), lane)));
    }

    private static Action action(String name) {
        return Changes.ACTIONS.stream()
                .filter(action -> action.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.malformed("there is no such action").raised());
    }

    private void label(RoutingContext context) {
        Lane lane = Managed.lane(context);
        String id = context.pathParam("id");
        caller.receive(
                context,
                body -> {
                    String label = FormInput.read(body).text("label");
                    managed.changes().label(lane, id, label);
                    return label;
                },
                label -> done(context, "Labelled as %s.".formatted(label)));
    }

    private void replay(RoutingContext context) {
        String id = context.pathParam("id");
        caller.receive(
                context,
                body -> {
                    managed.changes().replay(id, FormInput.read(body).text("by"));
                    return id;
                },
                replayed -> done(context, "The record of dead letter %s was sent again.".formatted(id)));
    }

    private void done(RoutingContext context, String text) {
        context.response().putHeader("HX-Trigger", "changed");
        html(context, 200, templates.render("outcome", Map.of("kind", "ok", "text", text)));
    }

    /** Writes a problem as a part of the page if a script has asked for one, or else as a page. */
    public static void problem(RoutingContext context, Problem problem) {
        Templates plain = new Templates();
        boolean isPart = context.request().getHeader("HX-Request") != null;
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("kind", "error");
        values.put("title", problem.title());
        values.put("text", problem.detail());
        html(context, problem.status(), plain.render(isPart ? "outcome" : "problem", values));
    }

    private Map<String, @Nullable Object> values(String title, String events) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("title", title);
        values.put("events", events);
        values.put("assets", assets.paths());
        return values;
    }

    private static String parameter(RoutingContext context, String name) {
        String value = context.request().getParam(name);
        return value == null ? "" : value;
    }

    static void html(RoutingContext context, int status, String html) {
        HttpServerResponse response = context.response();
        if (!response.headWritten() && !response.closed()) {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end(html);
        }
    }
}
