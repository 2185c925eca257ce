package io.headwater.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import io.headwater.domain.Payload;
import io.headwater.testing.BrokerUnderTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in Debian's Chromium, with real lanes, a real trainer and a real broker. With {@code -Dheadwater.screenshots=true} it writes
 * the images of the documents.
 */
@Timeout(400)
@TestMethodOrder(OrderAnnotation.class)
class PageIT {
    private static final double PATIENCE_MILLIS = 60_000;
    private static final int BUDGET_BYTES = 300_000;
    private static final String PICTURES = "headwater.screenshots";
    private static final Path IMAGES = Path.of("docs", "images");
    /** Messages of each domain of the demo, and how many of them are sent together where a chart should have many points. */
    private static final int MESSAGES = 360;

    private static final int PIECE = 20;
    private static final NewContextOptions PHONE = new NewContextOptions()
            .setViewportSize(360, 740)
            .setColorScheme(ColorScheme.DARK)
            .setHasTouch(true);

    private static BrokerUnderTest broker;
    private static LivePage live;
    private static Playwright playwright;
    private static Browser browser;

    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicLong bytes = new AtomicLong();
    private String site = "";
    private BrowserContext context;
    private Page page;

    /** A lane that learned, one that saw its labels exchanged, and one whose labels were partly no classes. */
    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        broker = BrokerUnderTest.embedded();
        live = new LivePage(broker, folder);
        live.send("bike-shop", 0, 160, team -> team);
        live.await("bike-shop", "the shop serves", story -> story.lane().samples() >= 120);
        live.send("hotel", 0, 160, team -> team);
        live.await("hotel", "the hotel has learned", story -> story.lane().samples() >= 140);
        live.send("hotel", 160, 260, PageIT::exchanged);
        live.send("clinic", 0, 80, team -> team);
        live.send("clinic", 80, 83, team -> "nobody <script>alert('letter')</script>");
        live.await("hotel", "the hotel has followed", story -> story.lane().samples() >= 250);
        live.await("clinic", "the dead letters", story -> story.lane().letters() == 3);
        if (Boolean.getBoolean(PICTURES)) {
            recover();
        }
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                        .setChromiumSandbox(false));
    }

    /** The hotel learns what its labels have become, and the clinic what it is about, so that pictures show more than a beginning. */
    private static void recover() throws IOException {
        for (int from = 260; from < MESSAGES; from += PIECE) {
            int to = from + PIECE;
            live.send("hotel", from, to, PageIT::exchanged);
            live.await("hotel", "the hotel follows", story -> story.lane().samples() >= to);
        }
        live.send("clinic", 83, MESSAGES, team -> team);
        live.await("clinic", "the clinic has learned", story -> story.lane().samples() >= MESSAGES - 3);
    }

    private static String exchanged(String team) {
        List<String> teams = LivePage.TEAMS;
        return teams.get((teams.indexOf(team) + 1) % teams.size());
    }

    @AfterAll
    static void stop() throws Exception {
        if (playwright != null) {
            playwright.close();
        }
        if (live != null) {
            live.close();
        }
        broker.close();
    }

    @BeforeEach
    void open() {
        open(new NewContextOptions().setViewportSize(1200, 800));
    }

    private void open(NewContextOptions options) {
        close();
        site = live.url();
        context = browser.newContext(options);
        page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                faults.add(message.text());
            }
        });
        page.onPageError(faults::add);
        page.onDialog(dialog -> faults.add("a script of a stranger ran: " + dialog.message()));
        page.onRequest(request -> {
            if (!request.url().startsWith(site)) {
                faults.add("external request: " + request.url());
            }
        });
        page.onResponse(response -> bytes.addAndGet(length(response)));
    }

    private static long length(Response response) {
        String length = response.headers().get("content-length");
        return length == null ? 0 : Long.parseLong(length);
    }

    @AfterEach
    void close() {
        if (context != null) {
            context.close();
        }
    }

    /** Not a test: writes the images of the documents, all of the same moment and before the tests change the lanes. */
    @Test
    @Order(1)
    @EnabledIfSystemProperty(named = PICTURES, matches = "true")
    void shouldBeShownByTheDocuments() {
        live.ask("hotel", "reception-81", "Is there a cot for our baby in room 112?", "desk");
        live.ask("hotel", "reception-82", "We would like to hold a seminar for 40 people in May.", "office");
        live.await("hotel", "two requests", story -> story.lane().asks() == 2);

        page.navigate(live.url());
        assertThat(page.locator("#live")).hasText("live");
        picture("page-overview", "table.lanes");
        page.navigate(live.url() + "/lanes/demo/hotel");
        assertThat(page.locator("#live")).hasText("live");
        picture("page-lane", "section:has(#h-chart)");
        pictureOf("page-asks", ".asks");
        pictureOf("page-answers", ".answers");
        open(PHONE);
        page.navigate(live.url() + "/lanes/demo/hotel");
        assertThat(page.locator("#live")).hasText("live");
        picture("page-phone", "section:has(#h-chart)");
    }

    @Test
    void shouldShowAllLanesAndUpdateThem() throws Exception {
        page.navigate(live.url());

        Locator hotel = row("demo/hotel");
        assertThat(hotel).containsText("learning");
        assertThat(hotel).containsText("%");
        assertThat(row("demo/clinic")).containsText("dead letters");
        assertThat(page.locator("#live")).hasText("live");
        assertThat(bytes.get()).isBetween(60_000L, (long) BUDGET_BYTES);

        // When
        String before = hotel.locator(".samples").innerText();
        live.send("hotel", 260, 290, PageIT::exchanged);

        // Then
        assertThat(hotel.locator(".samples")).not().hasText(before);
        page.getByLabel("Filter by name").fill("clin");
        assertThat(page.locator("table.lanes tbody tr")).hasCount(1);
        assertAccessible();
    }

    @Test
    void shouldLetAVersionServeAndRollBack() {
        page.navigate(live.url() + "/lanes/demo/hotel");
        assertThat(page.locator(".plot .champion")).hasCount(1);
        assertAccessible();
        Locator back = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Roll back version"))
                .first();
        String version = back.getAttribute("data-version");

        // When
        back.click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Version " + version + " serves again");
        assertAccessible();
        page.getByLabel("Your name").fill("Ana <b>");
        page.getByLabel("Why").fill("to see how");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Confirm"))
                .click();

        // Then
        assertThat(page.locator("#outcome")).containsText("Done: rollback demo/hotel.");
        assertThat(page.locator(".title .pill").first()).hasText("held");
        assertThat(page.locator("tr.serving th")).containsText(version);
        assertThat(page.locator(".marks .decided").first()).containsText("Ana <b>");

        // When
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Promote version"))
                .first()
                .click();
        assertThat(page.getByLabel("Your name")).hasValue("Ana <b>");
        page.getByLabel("Why").fill("that was it");
        page.keyboard().press("Enter");

        // Then
        assertThat(page.locator("#outcome")).containsText("Done: promote demo/hotel.");
        assertThat(page.locator(".title .pill").first()).hasText("learning");
    }

    /** Nothing but a keyboard: skip the header, open the lane, pause it, and go back to where the focus was. */
    @Test
    void shouldBeUsableWithAKeyboardAlone() {
        page.navigate(live.url());
        page.keyboard().press("Tab");
        assertThat(page.locator(":focus")).hasText("Skip to the content");
        page.keyboard().press("Enter");
        tabTo("a[id='lane-demo/clinic']");
        page.keyboard().press("Enter");
        page.waitForURL("**/lanes/demo/clinic");
        tabTo("#do-pause");
        page.keyboard().press("Enter");
        assertThat(page.locator(":focus")).hasId("by");
        page.keyboard().type("Ben");
        page.keyboard().press("Tab");
        page.keyboard().type("labels are checked");
        page.keyboard().press("Enter");
        assertThat(page.locator("#outcome")).containsText("Done: pause demo/clinic.");
        assertThat(page.locator(".title .pill").first()).hasText("paused");
        tabTo("#do-resume");
        page.keyboard().press("Enter");
        page.keyboard().press("Escape");
        assertThat(page.getByRole(AriaRole.DIALOG)).isHidden();
        assertThat(page.locator(":focus")).hasId("do-resume");
    }

    private void tabTo(String selector) {
        for (int i = 0; i < 60; i++) {
            page.keyboard().press("Tab");
            if (page.locator(selector + ":focus").count() == 1) {
                return;
            }
        }
        throw new AssertionError("the key Tab does not lead to " + selector);
    }

    @Test
    void shouldLabelRequestsWithKeys() {
        String hostile = "<img src=x onerror=alert(1)> The wardrobe in 204 smells of smoke.";
        live.ask("bike-shop", "q/1", hostile, "crew");
        live.ask("bike-shop", "q 2", "Can we pay half by card and half in cash?", "desk");
        live.await("bike-shop", "two requests", story -> story.lane().asks() == 2);
        page.navigate(live.url() + "/lanes/demo/bike-shop");
        assertThat(page.locator(".ask")).hasCount(2);
        assertThat(page.locator(".ask .text").nth(1)).hasText(hostile);
        assertAccessible();

        // When
        page.locator(".ask").first().focus();
        page.keyboard().press("2");

        // Then
        assertThat(page.locator("#outcome")).containsText("Labelled as");
        assertThat(page.locator(".ask")).hasCount(1);
        page.locator(".ask button").first().click();
        assertThat(page.locator(".ask")).hasCount(0);
    }

    @Test
    void shouldShowWhatWasAnsweredAndMistaken() {
        page.navigate(live.url() + "/lanes/demo/hotel");

        assertThat(page.locator(".confusion .hit")).hasCount(LivePage.TEAMS.size());
        assertThat(page.locator(".reliability")).not().hasCount(0);
        assertThat(page.locator(".mistakes li").first()).containsText("was right");
        assertThat(page.locator(".mistakes .text").first()).not().isEmpty();
        assertAccessible();
    }

    @Test
    void shouldShowImagesAndPlaySounds() throws Exception {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB), "png", png);
        live.ask("clinic", "image", new Payload.EncodedImage(png.toByteArray()), "desk");
        live.ask("clinic", "sound", new Payload.Waveform(new byte[16_000], 8_000), "desk");
        live.await("clinic", "two requests", story -> story.lane().asks() == 2);
        page.navigate(live.url() + "/lanes/demo/clinic");

        assertThat(page.locator(".ask img")).hasJSProperty("naturalWidth", 30);
        assertThat(page.locator(".ask img")).hasJSProperty("naturalHeight", 20);
        // The element that is asked is the one that loads, also when an update of the page replaces it meanwhile.
        Object seconds = page.locator(".ask audio").evaluate("""
                sound => new Promise((known, failed) => {
                  sound.onloadedmetadata = () => known(sound.duration);
                  sound.onerror = () => failed(sound.error.message);
                  sound.preload = 'auto';
                  sound.load();
                })""");
        assertThat(((Number) seconds).doubleValue()).isEqualTo(1);
        assertAccessible();
    }

    /** The time is printed and not held, because a machine that does much else may need longer. */
    @Test
    void shouldShowAThousandLanes(@TempDir Path folder) throws Exception {
        try (CrowdedPage crowd = new CrowdedPage(broker, folder, 1000)) {
            site = crowd.url();
            page.navigate(site);
            assertThat(page.locator(".tiles li").first()).hasText("1000 lanes");
            assertThat(page.locator("table.lanes tbody tr")).hasCount(100);
            assertThat(bytes.get()).isBetween(100_000L, (long) BUDGET_BYTES);
            page.waitForFunction("performance.getEntriesByName('first-contentful-paint').length > 0");
            System.out.printf(
                    "page-measured lanes=1000 bytes=%d first-contentful-paint-ms=%s%n",
                    bytes.get(),
                    page.evaluate("Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)"));

            page.getByLabel("Filter by name").fill("shop-0999");
            assertThat(page.locator("table.lanes tbody tr")).hasCount(1);
            // Otherwise the browser misses the service, and says so.
            page.close();
        }
    }

    @Test
    void shouldSendADeadLetterAgain() {
        page.navigate(live.url() + "/dead-letters");
        assertThat(page.locator(".letters li")).not().hasCount(0);
        assertAccessible();
        int before = page.locator(".letters li").count();

        // When
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Send dead letter"))
                .first()
                .click();
        page.getByLabel("Your name").fill("Ana");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Confirm"))
                .click();

        // Then it is refused again, because nothing was mended
        assertThat(page.locator("#outcome")).containsText("was sent again");
        assertThat(page.locator(".letters li")).hasCount(before + 1);
    }

    @Test
    void shouldPredictWhatIsTried() {
        page.navigate(live.url() + "/lanes/demo/bike-shop");
        page.getByLabel("A text of this domain").fill("My rear wheel wobbles since Tuesday.");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Predict"))
                .click();
        assertThat(page.locator("#answer")).containsText("by version demo/bike-shop@");
        assertThat(page.locator("#answer tbody tr")).hasCount(3);
    }

    @Test
    void shouldFitAPhoneAndTheDark() {
        open(PHONE);
        for (String path : List.of("/", "/lanes/demo/hotel", "/dead-letters")) {
            page.navigate(live.url() + path);
            assertThat(page.locator("#live")).hasText("live");
            assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
                    .as(path)
                    .isLessThanOrEqualTo(360);
            assertAccessible();
        }
    }

    @Test
    void shouldSayWhatIsNotThere() {
        Response response = page.navigate(live.url() + "/lanes/demo/%3Cscript%3E");
        assertThat(response.status()).isEqualTo(404);
        assertThat(page.locator("h1")).hasText("Unknown lane");
        assertThat(page.locator("p").first()).containsText("demo/<script>");
        faults.clear();
    }

    @AfterEach
    void shouldHaveNoFaultInTheConsole(TestInfo test) {
        assertThat(faults).as(test.getDisplayName()).isEmpty();
    }

    private Locator row(String lane) {
        return page.locator("table.lanes tbody tr").filter(new Locator.FilterOptions().setHasText(lane));
    }

    private void assertAccessible() {
        List<Rule> violations = new AxeBuilder(page)
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"))
                .analyze()
                .getViolations();
        assertThat(violations)
                .extracting(rule -> rule.getId() + ": " + rule.getNodes().get(0).getHtml())
                .isEmpty();
    }

    /** Writes a picture of the page from its top to the end of a part, so that no line is cut. */
    private void picture(String name, String last) {
        BoundingBox box = page.locator(last).boundingBox();
        page.setViewportSize(page.viewportSize().width, (int) Math.ceil(box.y + box.height) + 12);
        page.screenshot(new ScreenshotOptions().setPath(IMAGES.resolve(name + ".png")));
    }

    /** Writes a picture of a part. An update of the page may replace it meanwhile, so it is not the element that is asked for one. */
    private void pictureOf(String name, String part) {
        BoundingBox box = page.locator(part).boundingBox();
        page.screenshot(new ScreenshotOptions()
                .setFullPage(true)
                .setClip(box.x, box.y, box.width, box.height)
                .setPath(IMAGES.resolve(name + ".png")));
    }
}
