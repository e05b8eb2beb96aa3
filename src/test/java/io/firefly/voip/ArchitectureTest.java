package io.firefly.voip;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The package rules of DESIGN.md, kept by the build. To change the architecture, change this table and {@link KnownLibraries}. */
class ArchitectureTest {
    private static final String BASE = "io.firefly.voip";
    private static final int MAX_TYPES = 15;

    /** package -> the packages of ours it may import */
    private static final Map<String, List<String>> MAY_IMPORT = new TreeMap<>(Map.ofEntries(
            entry("call", List.of()),
            entry("audio", List.of()),
            entry("tenant", List.of("call", "agent", "tenant.plan")),
            entry("tenant.plan", List.of()),
            entry("tenant.directory", List.of("tenant")),
            entry("tenant.usage", List.of("tenant")),
            entry("tenant.sql", List.of("tenant", "tenant.usage")),
            entry("registrar", List.of("call", "sip.digest", "sip.header")),
            entry(
                    "sip",
                    List.of("call", "sip.dial", "sip.digest", "sip.header", "sip.refer", "sip.stack", "sip.valve")),
            entry("sip.refer", List.of("call", "sip.header")),
            entry("sip.dial", List.of("call", "sip.header")),
            entry("sip.stack", List.of("sip.header", "sip.valve")),
            entry("sip.valve", List.of()),
            entry("sip.digest", List.of()),
            entry("sip.header", List.of("call")),
            entry("media", List.of("call", "audio")),
            entry("media.sdp", List.of("audio")),
            entry("media.rtp", List.of("call", "audio", "media", "media.sdp", "media.rtp.arrival")),
            entry("media.rtp.arrival", List.of("audio")),
            entry("media.freeswitch", List.of("call", "audio", "media")),
            entry("media.freeswitch.leg", List.of("call", "media.freeswitch")),
            entry(
                    "media.freeswitch.rtp",
                    List.of("call", "audio", "media", "media.sdp", "media.freeswitch", "media.freeswitch.leg")),
            entry(
                    "media.freeswitch.engine",
                    List.of(
                            "call",
                            "audio",
                            "media",
                            "media.sdp",
                            "media.freeswitch",
                            "media.freeswitch.leg",
                            "media.freeswitch.rtp")),
            entry("media.freeswitch.fork", List.of("call", "audio", "media", "media.freeswitch")),
            entry("agent", List.of("call", "audio")),
            entry(
                    "agent.openai",
                    List.of(
                            "call",
                            "audio",
                            "agent",
                            "agent.cost",
                            "agent.openai.settings",
                            "agent.openai.sound",
                            "agent.openai.turns",
                            "agent.openai.wire")),
            entry("agent.conduct", List.of("agent")),
            entry("agent.cost", List.of("agent")),
            entry("agent.openai.settings", List.of("agent", "agent.conduct", "agent.cost")),
            entry("agent.openai.sound", List.of("audio", "agent")),
            entry("agent.openai.wire", List.of("agent", "agent.openai.settings", "agent.openai.sound")),
            entry(
                    "agent.openai.turns",
                    List.of(
                            "call",
                            "agent",
                            "agent.conduct",
                            "agent.openai.settings",
                            "agent.openai.sound",
                            "agent.openai.wire")),
            entry(
                    "agent.simulator",
                    List.of(
                            "audio",
                            "agent.simulator.sound",
                            "agent.simulator.protocol",
                            "agent.simulator.script",
                            "agent.simulator.wire")),
            entry("agent.simulator.sound", List.of("audio")),
            entry("agent.simulator.protocol", List.of("agent.simulator.sound")),
            entry("agent.simulator.script", List.of("audio")),
            entry("agent.simulator.wire", List.of()),
            entry("agent.pipeline.settings", List.of("agent", "agent.conduct", "agent.cost")),
            entry("agent.pipeline.hearing", List.of("audio", "agent.pipeline.settings")),
            entry("agent.pipeline.silero", List.of("audio", "agent.pipeline.hearing", "agent.pipeline.settings")),
            entry(
                    "agent.pipeline",
                    List.of(
                            "call",
                            "audio",
                            "agent",
                            "agent.conduct",
                            "agent.cost",
                            "agent.pipeline.settings",
                            "agent.pipeline.hearing")),
            entry(
                    "agent.pipeline.http",
                    List.of("call", "audio", "agent", "agent.pipeline", "agent.pipeline.settings")),
            entry("bridge", List.of("call", "audio", "media", "agent")),
            entry("recording", List.of("call", "audio")),
            entry("cdr", List.of("call")),
            entry("callcontrol.admission", List.of("call", "tenant", "tenant.usage")),
            entry("callcontrol.tools", List.of("call", "tenant", "tenant.directory", "agent")),
            entry("callcontrol.transfer", List.of("call", "tenant.directory", "media")),
            entry(
                    "callcontrol",
                    List.of(
                            "call",
                            "audio",
                            "tenant",
                            "tenant.usage",
                            "callcontrol.admission",
                            "callcontrol.tools",
                            "callcontrol.transfer",
                            "tenant.directory",
                            "media",
                            "agent",
                            "bridge",
                            "recording",
                            "cdr")),
            entry(
                    "camel.call",
                    List.of(
                            "call",
                            "tenant",
                            "agent",
                            "callcontrol",
                            "callcontrol.admission",
                            "callcontrol.transfer",
                            "cdr",
                            "camel.check")),
            entry("camel.agent", List.of("call", "tenant", "agent", "callcontrol", "camel.call", "camel.check")),
            entry(
                    "camel.pipeline",
                    List.of(
                            "call",
                            "audio",
                            "agent",
                            "agent.pipeline",
                            "agent.pipeline.http",
                            "camel.call",
                            "camel.check")),
            entry("camel.sip", List.of("call", "sip", "sip.header", "camel.check")),
            entry("camel.registrar", List.of("call", "sip", "sip.digest", "sip.header", "registrar", "camel.check")),
            entry("events", List.of()),
            entry("camel.presence", List.of("call", "sip", "events", "camel.check")),
            entry("camel.websocket", List.of("camel.check")),
            entry("camel.http", List.of()),
            entry("camel.sql", List.of()),
            entry("camel.freeswitch.esl", List.of("call", "media.freeswitch")),
            entry("camel.freeswitch.board", List.of("call", "sip.header", "media.freeswitch", "camel.freeswitch.esl")),
            entry(
                    "camel.freeswitch",
                    List.of(
                            "call",
                            "tenant.plan",
                            "media.freeswitch",
                            "camel.call",
                            "camel.check",
                            "camel.freeswitch.board",
                            "camel.freeswitch.esl")),
            entry("camel.freeswitch.audio", List.of("media.freeswitch.fork", "camel.check")),
            entry("camel.check", List.of()),
            entry(
                    "camel.rehearsal",
                    List.of(
                            "camel.data",
                            "call",
                            "cdr",
                            "sip",
                            "sip.header",
                            "tenant",
                            "tenant.plan",
                            "agent",
                            "callcontrol",
                            "callcontrol.admission",
                            "callcontrol.transfer",
                            "tenant.directory",
                            "camel.call",
                            "camel.agent",
                            "camel.sip",
                            "camel.registrar",
                            "camel.pipeline",
                            "camel.presence",
                            "camel.websocket",
                            "camel.freeswitch.audio",
                            "camel.freeswitch",
                            "camel.check")),
            entry("routes", List.of("tenant", "camel.check", "camel.rehearsal", "routes.cases")),
            entry("routes.cases", List.of("call", "cdr", "camel.check", "camel.rehearsal")),
            entry("camel.data", List.of("tenant", "tenant.directory", "camel.check")),
            entry("camel.reload", List.of("camel.check")),
            entry(
                    "ops",
                    List.of(
                            "camel.data",
                            "call",
                            "callcontrol",
                            "sip",
                            "media",
                            "media.freeswitch",
                            "agent",
                            "recording",
                            "registrar",
                            "tenant",
                            "tenant.directory",
                            "camel.check",
                            "camel.reload",
                            "ops.management")),
            entry("ops.management", List.of()),
            entry("ops.jmx", List.of("call", "callcontrol", "media", "media.freeswitch", "registrar", "sip", "tenant")),
            entry("console", List.of("camel.reload", "routes", "memory")),
            entry("memory", List.of("call", "audio", "agent", "agent.pipeline", "callcontrol")),
            entry("speech", List.of("audio", "agent.pipeline.http")),
            entry("phone", List.of("call", "audio", "media.sdp", "sip.digest", "sip.header"))));

    private static final JavaClasses OURS =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(BASE);

    @TestFactory
    Stream<DynamicTest> everyPackageImportsOnlyWhatTheTableAllows() {
        return MAY_IMPORT.entrySet().stream()
                .map(rule -> dynamicTest(rule.getKey() + " -> " + rule.getValue(), () -> noClasses()
                        .that()
                        .resideInAPackage(pkg(rule.getKey()))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(othersThan(rule.getKey(), rule.getValue()))
                        .allowEmptyShould(true)
                        .check(OURS)));
    }

    @TestFactory
    Stream<DynamicTest> foreignLibrariesStayBehindOneDoor() {
        return KnownLibraries.ONLY_TO.entrySet().stream()
                .map(rule -> dynamicTest(rule.getKey() + " only in " + rule.getValue(), () -> noClasses()
                        .that()
                        .resideOutsideOfPackages(pkgs(rule.getValue()))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(rule.getKey())
                        .allowEmptyShould(true)
                        .check(OURS)));
    }

    @Test
    void everyPackageIsInTheTable() {
        classes()
                .should()
                .resideInAnyPackage(concat(pkgs(List.copyOf(MAY_IMPORT.keySet())), BASE))
                .check(OURS);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void aPackageIsSmallEnoughToBeReadInOneSitting() {
        for (String name : MAY_IMPORT.keySet()) {
            long types = OURS.stream()
                    .filter(type -> type.getPackageName().equals(pkg(name)))
                    .filter(JavaClass::isTopLevelClass)
                    .filter(type -> !type.getSimpleName().equals("package-info"))
                    .count();
            assertThat(types).as("types in %s", name).isLessThanOrEqualTo(name.equals("call") ? 20 : MAX_TYPES);
        }
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .check(OURS);
    }

    @Test
    void springIsMetOnlyWhereThingsAreWired() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Configuration")
                .and()
                .haveSimpleNameNotEndingWith("Properties")
                .and()
                .resideOutsideOfPackages(
                        BASE, BASE + ".ops", BASE + ".ops.management", BASE + ".ops.jmx", BASE + ".console")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("org.springframework..")
                        .and(JavaClass.Predicates.resideOutsideOfPackages(
                                "org.springframework.jdbc..",
                                "org.springframework.dao..",
                                "org.springframework.boot.context.properties..")))
                .check(OURS);
        noClasses()
                .that()
                .resideOutsideOfPackages(pkgs(List.of("registrar", "tenant.sql", "memory")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.jdbc..")
                .check(OURS);
    }

    @Test
    void adaptersShowNoPublicClass() {
        classes()
                .that()
                .resideInAnyPackage(pkgs(List.of("media.rtp", "agent.openai", "agent.simulator")))
                .and()
                .areTopLevelClasses()
                .and()
                .doNotHaveSimpleName("SimulatorCommand") // the command line's door
                .should()
                .bePackagePrivate()
                .allowEmptyShould(true)
                .check(OURS);
    }

    @Test
    void nobodySleepsPrintsOrInjectsIntoFields() {
        noClasses()
                .that()
                .resideOutsideOfPackages(BASE, BASE + ".phone", BASE + ".routes", BASE + ".speech", BASE + ".ops")
                .should(ACCESS_STANDARD_STREAMS)
                .check(OURS);
        NO_CLASSES_SHOULD_USE_FIELD_INJECTION.check(OURS);
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(OURS);
    }

    private static String[] othersThan(String self, List<String> allowed) {
        return pkgs(MAY_IMPORT.keySet().stream()
                .filter(name -> !name.equals(self) && !allowed.contains(name))
                .toList());
    }

    private static String pkg(String name) {
        return name.isEmpty() ? BASE : BASE + "." + name;
    }

    private static String[] pkgs(List<String> names) {
        return names.stream().map(ArchitectureTest::pkg).toArray(String[]::new);
    }

    private static String[] concat(String[] many, String one) {
        String[] all = Arrays.copyOf(many, many.length + 1);
        all[many.length] = one;
        return all;
    }
}
