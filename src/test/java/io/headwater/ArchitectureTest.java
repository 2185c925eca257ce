package io.headwater;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.FieldAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** Holds the code to the floors of the design: every package imports only what lies below it. */
@AnalyzeClasses(packages = "io.headwater", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String EVENTS = "io.headwater.events..";
    private static final Set<String> PACKAGES = Set.of(
            "adapt",
            "adapt.ask",
            "api",
            "api.http",
            "api.inference",
            "api.lanes",
            "adapt.calibrate",
            "adapt.race",
            "adapt.conformal",
            "adapt.drift",
            "adapt.judge",
            "adapt.memory",
            "adapt.state",
            "board",
            "board.chart",
            "cli",
            "cli.console",
            "cli.demo",
            "cli.lanes",
            "cli.letters",
            "cli.requests",
            "cli.models",
            "cli.pretrain",
            "codec",
            "config",
            "config.ask",
            "config.key",
            "config.yaml",
            "domain",
            "engine",
            "engine.cache",
            "engine.closed",
            "engine.dense",
            "engine.device",
            "engine.family",
            "engine.gradient",
            "engine.graph",
            "engine.graph.convert",
            "engine.graph.layer",
            "engine.inspect",
            "engine.learn",
            "engine.model",
            "engine.onnx",
            "engine.runtime",
            "engine.sound",
            "engine.top",
            "engine.weights",
            "featurizer",
            "intake",
            "intake.ahead",
            "kafka",
            "manage",
            "online",
            "ops",
            "ops.lane",
            "ops.trace",
            "ops.source",
            "ops.export",
            "page",
            "predictor",
            "role",
            "serving",
            "standalone",
            "standalone.data",
            "standalone.play",
            "standalone.pretrain",
            "standalone.simulate",
            "store",
            "streams",
            "subscriber",
            "task",
            "task.goal",
            "task.image",
            "task.sound",
            "task.text",
            "trainer");

    @ArchTest
    static final ArchRule floorsImportOnlyDownwards = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.headwater..")
            .layer("domain")
            .definedBy("io.headwater.domain..")
            .layer("config")
            .definedBy("io.headwater.config..")
            .layer("events")
            .definedBy(EVENTS)
            .layer("codec")
            .definedBy("io.headwater.codec..")
            .layer("engine")
            .definedBy("io.headwater.engine..")
            .layer("task")
            .definedBy("io.headwater.task..")
            .layer("adapt")
            .definedBy("io.headwater.adapt..")
            .layer("kafka")
            .definedBy("io.headwater.kafka..")
            .layer("store")
            .definedBy("io.headwater.store..")
            .layer("intake")
            .definedBy("io.headwater.intake..")
            .layer("role")
            .definedBy("io.headwater.role..")
            .layer("trainer")
            .definedBy("io.headwater.trainer..")
            .layer("predictor")
            .definedBy("io.headwater.predictor..")
            .layer("streams")
            .definedBy("io.headwater.streams..")
            .layer("featurizer")
            .definedBy("io.headwater.featurizer..")
            .layer("serving")
            .definedBy("io.headwater.serving..")
            .layer("online")
            .definedBy("io.headwater.online..")
            .layer("board")
            .definedBy("io.headwater.board..")
            .layer("manage")
            .definedBy("io.headwater.manage..")
            .layer("page")
            .definedBy("io.headwater.page..")
            .layer("api")
            .definedBy("io.headwater.api..")
            .layer("ops")
            .definedBy("io.headwater.ops..")
            .layer("standalone")
            .definedBy("io.headwater.standalone..")
            .layer("subscriber")
            .definedBy("io.headwater.subscriber..")
            .layer("cli")
            .definedBy("io.headwater.cli..")
            .whereLayer("domain")
            .mayNotAccessAnyLayer()
            .whereLayer("config")
            .mayOnlyAccessLayers("domain")
            .whereLayer("codec")
            .mayOnlyAccessLayers("domain", "config", "events")
            .whereLayer("engine")
            .mayOnlyAccessLayers("domain", "config", "codec")
            .whereLayer("task")
            .mayOnlyAccessLayers("domain", "config", "codec", "engine")
            .whereLayer("adapt")
            .mayOnlyAccessLayers("domain", "config", "codec", "engine", "task")
            .whereLayer("kafka")
            .mayOnlyAccessLayers("domain", "config", "codec", "engine", "task", "adapt")
            .whereLayer("store")
            .mayOnlyAccessLayers("domain", "config", "codec", "engine", "task", "adapt")
            .whereLayer("intake")
            .mayOnlyAccessLayers("domain", "config", "codec", "engine", "task", "kafka", "role")
            .whereLayer("role")
            .mayNotAccessAnyLayer()
            .whereLayer("trainer")
            .mayOnlyAccessLayers(
                    "domain", "config", "codec", "engine", "task", "adapt", "kafka", "store", "intake", "role")
            .whereLayer("serving")
            .mayOnlyAccessLayers("domain", "config", "codec", "engine", "task", "adapt", "kafka", "role")
            .whereLayer("predictor")
            .mayOnlyAccessLayers(
                    "domain", "config", "codec", "engine", "task", "adapt", "kafka", "store", "intake", "role",
                    "serving")
            .whereLayer("online")
            .mayOnlyAccessLayers("domain", "config", "codec", "engine", "task", "adapt", "kafka", "role", "serving")
            .whereLayer("board")
            .mayOnlyAccessLayers("domain", "config", "codec", "kafka", "role")
            .whereLayer("streams")
            .mayOnlyAccessLayers("domain", "config", "codec", "engine", "task", "kafka", "role")
            .whereLayer("featurizer")
            .mayOnlyAccessLayers(
                    "domain", "config", "codec", "engine", "task", "adapt", "kafka", "intake", "role", "trainer")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("standalone")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("ops")
            .mayOnlyBeAccessedByLayers("cli", "standalone", "api", "manage", "page", "subscriber")
            .whereLayer("subscriber")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("api")
            .mayOnlyBeAccessedByLayers("manage", "page", "standalone")
            .whereLayer("manage")
            .mayOnlyBeAccessedByLayers("page")
            .whereLayer("page")
            .mayOnlyBeAccessedByLayers("cli", "standalone");

    /** At any depth: a package and one below it are two slices. */
    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("io.headwater.(**)").should().beFreeOfCycles();

    @ArchTest
    static void shouldKeepPackagesSmall(JavaClasses classes) {
        Map<String, Long> files = ours(classes)
                .filter(JavaClass::isTopLevelClass)
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(files.values()).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(40));
    }

    @ArchTest
    static void shouldGiveNoSimpleNameToTwoTypes(JavaClasses classes) {
        Map<String, List<String>> types = ours(classes)
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName, Collectors.mapping(JavaClass::getName, Collectors.toList())));

        assertThat(types.values()).allSatisfy(names -> assertThat(names).hasSize(1));
    }

    private static Stream<JavaClass> ours(JavaClasses classes) {
        return classes.stream().filter(type -> !type.getPackageName().startsWith("io.headwater.events"));
    }

    @ArchTest
    static final ArchRule eventsStayInsideTheCodec = noClasses()
            .that()
            .resideOutsideOfPackages(EVENTS, "io.headwater.codec..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(EVENTS);

    @ArchTest
    static final ArchRule tensorLibrariesStayInEngineAndTask = noClasses()
            .that()
            .resideOutsideOfPackages("io.headwater.engine..", "io.headwater.task..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "ai.onnxruntime..", "ai.djl..");

    @ArchTest
    static final ArchRule onnxFilesAreReadBeforeAnythingNative = noClasses()
            .that()
            .resideInAPackage("io.headwater.engine.onnx")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "io.headwater.engine", "org.nd4j..", "org.deeplearning4j..", "ai..", "org.bytedeco..")
                    .and(resideInAnyPackage("org.nd4j.shade.protobuf..").negate()));

    /** A subscriber runs in applications of other people. A test runs it without Quarkus. */
    @ArchTest
    static final ArchRule subscribersNeedNoQuarkus = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.headwater.subscriber..",
                    "io.headwater.serving..",
                    "io.headwater.kafka..",
                    "io.headwater.store..",
                    "io.headwater.task..",
                    "io.headwater.engine..",
                    "io.headwater.codec..",
                    "io.headwater.domain..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "io.vertx..", "jakarta..");

    @ArchTest
    static final ArchRule adaptationDoesNoInputOrOutput = noClasses()
            .that()
            .resideInAPackage("io.headwater.adapt..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.io..", "java.nio.file..", "java.net..", "java.time..")
                    .and(name("java.io.Serializable").negate()));

    /** Generated events can be serialised, which costs nothing as long as nobody of ours ever reads any. */
    @ArchTest
    static final ArchRule nothingIsDeserialisedByJava = noClasses()
            .that()
            .resideOutsideOfPackage(EVENTS)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(java.io.ObjectInputStream.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.io.ObjectInput.class);

    @ArchTest
    static final ArchRule standardOutputBelongsToTheCommands = noClasses()
            .that()
            .resideOutsideOfPackage("io.headwater.cli..")
            .and()
            .doNotHaveFullyQualifiedName("io.headwater.standalone.BrokerMain")
            .and()
            .doNotHaveFullyQualifiedName("io.headwater.ops.TrialMain")
            .should()
            .accessTargetWhere(target(describe(
                    "is System.out",
                    target -> target instanceof FieldAccessTarget field
                            && field.getFullName().equals("java.lang.System.out"))));

    /** What it prints may come from records of strangers, so that control characters must be escaped in one place. */
    @ArchTest
    static final ArchRule standardErrorIsWrittenInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("io.headwater.cli.console")
            .and()
            .doNotHaveFullyQualifiedName("io.headwater.ops.TrialMain")
            .and()
            .doNotHaveFullyQualifiedName("io.headwater.engine.graph.convert.ConverterMain")
            .should()
            .accessTargetWhere(target(describe(
                    "is System.err",
                    target -> target instanceof FieldAccessTarget field
                            && field.getFullName().equals("java.lang.System.err"))));

    @ArchTest
    static void shouldKnowAndNullMarkEveryPackage(JavaClasses classes) {
        Set<JavaPackage> packages = ours(classes)
                .map(JavaClass::getPackage)
                .collect(Collectors.toCollection(() -> new TreeSet<>(Comparator.comparing(JavaPackage::getName))));

        assertThat(packages)
                .allSatisfy(found -> assertThat(found.isAnnotatedWith(NullMarked.class))
                        .as("%s is null-marked", found.getName())
                        .isTrue())
                .extracting(found -> found.getName().replaceFirst("^io\\.headwater\\.?", ""))
                .filteredOn(name -> !name.isEmpty())
                .containsExactlyInAnyOrderElementsOf(PACKAGES);
    }
}
