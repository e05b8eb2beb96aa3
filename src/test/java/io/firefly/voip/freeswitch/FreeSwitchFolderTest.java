package io.firefly.voip.freeswitch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The folder {@code freeswitch/} as far as it can be judged without a FreeSWITCH. */
class FreeSwitchFolderTest {
    private static final Path FOLDER = Path.of("freeswitch");
    private static final Path ENTRYPOINT = FOLDER.resolve("entrypoint.sh");
    private static final Pattern DEFAULT = Pattern.compile("(?m)^: \"\\$\\{([A-Z_]+):=(.*)}\"$");
    private static final Pattern TABLE_ROW = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| ([^|]*) \\|");
    private static final List<String> FOUND_OUT = List.of("none", "this machine's", "found", "");

    @TempDir
    Path data;

    @Test
    void everyFileIsWellFormed() throws Exception {
        for (Path file : configuration()) {
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        }
    }

    /** FreeSWITCH's preprocessor works line by line: whatever stands beside such an element is lost. */
    @Test
    void preprocessorLinesStandAlone() throws IOException {
        for (Path file : configuration()) {
            for (String line : Files.readAllLines(file)) {
                if (line.contains("<X-PRE-PROCESS") || line.contains("<include>") || line.contains("</include>"))
                    assertThat(line.strip()).as(file.toString()).matches("<[^<>]+>");
            }
        }
    }

    @Test
    void everyVariableOfTheConfigurationComesFromTheEnvironment() throws IOException {
        var used = new TreeSet<String>();
        for (Path file : configuration()) used.addAll(all("\\$\\$\\{([^}]+)}", Files.readString(file)));
        String vars = Files.readString(FOLDER.resolve("conf/vars.xml"));
        assertThat(all("cmd=\"env-set\" data=\"([a-z_0-9]+)=", vars)).containsExactlyInAnyOrderElementsOf(used);
        assertThat(all("data=\"([a-z_0-9]+=\\$[A-Z_]+)\"", vars))
                .allMatch(pair -> pair.equals(pair.substring(0, pair.indexOf('='))
                        + "=$"
                        + pair.substring(0, pair.indexOf('=')).toUpperCase(Locale.ROOT)));
    }

    @Test
    void everyVariableThatIsReadIsExported() throws IOException {
        String exported = Files.readString(ENTRYPOINT)
                .replaceAll("\\\\\n", " ")
                .lines()
                .filter(line -> line.startsWith("export "))
                .collect(Collectors.joining(" "));
        assertThat(exported.split("[ ]+"))
                .contains(all("=\\$([A-Z_]+)\"", Files.readString(FOLDER.resolve("conf/vars.xml")))
                        .toArray(String[]::new));
    }

    @Test
    void everySettingIsInTheTableWithItsDefaultAndViceVersa() throws IOException {
        String settings = Files.readString(FOLDER.resolve("README.md"));
        settings = settings.substring(settings.indexOf("## Settings"), settings.indexOf("## Who may do what"));
        Map<String, String> documented = new TreeMap<>();
        var rows = TABLE_ROW.matcher(settings);
        while (rows.find())
            documented.put(rows.group(1), rows.group(2).replace("`", "").strip());
        Map<String, String> real = defaults();
        assertThat(documented).containsOnlyKeys(real.keySet());
        assertThat(documented).allSatisfy((name, told) -> assertThat(real.get(name))
                .as(name)
                .satisfiesAnyOf(value -> assertThat(value).isEqualTo(told), value -> assertThat(value)
                        .isEmpty()));
        assertThat(documented.entrySet().stream()
                        .filter(row -> real.get(row.getKey()).isEmpty()))
                .allSatisfy(row -> assertThat(row.getValue())
                        .as(row.getKey())
                        .matches(told ->
                                FOUND_OUT.contains(told) || told.equals("none, needed") || real.containsKey(told)));
    }

    @Test
    void defaultRtpRangesOfBothSidesDoNotMeet() throws IOException {
        Map<String, String> real = defaults();
        String ours = Files.readString(Path.of("src/main/resources/application.yaml"));
        int first = Integer.parseInt(all("first-port: (\\d+)", ours).get(0));
        assertThat(Integer.parseInt(real.get("RTP_END_PORT"))).isLessThan(first);
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', textBlock = """
            ESL_PASSWORD | '' | set ESL_PASSWORD, or ESL_PASSWORD_FILE
            ESL_PASSWORD | ClueCon | well-known default
            ESL_PASSWORD | a"b | has a character beside
            ESL_PASSWORD_FILE | absent.txt | both set
            SIP_PORT | 70000 | SIP_PORT is 70000, it must be 1 to 65535
            RTP_END_PORT | 10001 | RTP_END_PORT is 10001, it must be 10004 to 65535
            CODEC_NEGOTIATION | clever | must be one of: generous greedy scrooge
            SIP_ALLOW | everybody | SIP_ALLOW has 'everybody'
            FIREFLY_SOCKET | "/> | has a character that cannot be in it
            MAX_CALL_SECONDS | 1h | it must be a whole number
            FS_BINARY | no-such-program | which is not there
            """)
    void aMistakeIsToldAndNothingStarts(String name, String value, String sentence) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("ESL_PASSWORD", "secret", "FS_BINARY", pretender()));
        environment.put(name, value);
        Run run = start(environment);
        assertThat(run.output()).contains(sentence).doesNotContain("started with");
        assertThat(run.exitCode()).isEqualTo(64);
    }

    @Test
    void whatWasSetIsWrittenOut() throws Exception {
        Path password = Files.writeString(data.resolve("password.txt"), "from-a-file\n");
        Files.writeString(data.resolve("mod_opus.so"), "");
        Run run = start(Map.of(
                "ESL_PASSWORD_FILE",
                password.toString(),
                "FS_BINARY",
                pretender(),
                "FS_MODULE_DIR",
                data.toString(),
                "SIP_ALLOW",
                "10.1.0.0/16,10.2.0.1,2001:db8::1",
                "TRUNK_PORT",
                "5060"));
        assertThat(run.output())
                .contains("started with -nf", "password from-a-file", "mod_spandsp is not in")
                .doesNotContain("mod_opus is not");
        Path generated = data.resolve("written/conf/generated");
        assertThat(Files.readString(generated.resolve("sip_allow.xml")))
                .contains("\"10.1.0.0/16\"", "\"10.2.0.1/32\"", "\"2001:db8::1/128\"");
        assertThat(Files.readString(generated.resolve("modules.xml")))
                .contains("mod_opus")
                .doesNotContain("mod_spandsp");
        assertThat(Files.readString(generated.resolve("profiles.xml"))).contains("firefly.xml", "trunk.xml");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void withoutTrunkPortNobodyButTheExchangeCanCall() throws Exception {
        start(Map.of("ESL_PASSWORD", "secret", "FS_BINARY", pretender(), "FS_MODULE_DIR", data.toString()));
        assertThat(Files.readString(data.resolve("written/conf/generated/profiles.xml")))
                .doesNotContain("trunk");
    }

    /** A program that only tells how it was started. */
    private String pretender() throws IOException {
        Path program = data.resolve("pretender");
        if (!Files.exists(program)) {
            Files.writeString(program, "#!/bin/sh\necho \"started with $* password $ESL_PASSWORD\"\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(data.resolve("mod_sofia.so"), "");
        }
        return program.toString();
    }

    private Run start(Map<String, String> environment) throws IOException, InterruptedException {
        Path printed = data.resolve("printed.txt");
        ProcessBuilder builder = new ProcessBuilder("sh", ENTRYPOINT.toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        builder.environment().keySet().removeAll(defaults().keySet());
        builder.environment().put("FS_DATA", data.resolve("written").toString());
        builder.environment().put("FS_MODULE_DIR", data.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readString(printed, UTF_8));
    }

    private static Map<String, String> defaults() throws IOException {
        Map<String, String> found = new TreeMap<>();
        var settings = DEFAULT.matcher(Files.readString(ENTRYPOINT));
        while (settings.find()) found.putIfAbsent(settings.group(1), settings.group(2));
        return found;
    }

    private static List<Path> configuration() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER.resolve("conf"))) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(".xml")).toList();
            assertThat(found).hasSizeGreaterThan(8);
            return found;
        }
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
    }

    private record Run(int exitCode, String output) {}
}
