package io.firefly.voip.tenant.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firefly.voip.tenant.DirectoryFormatException;
import io.firefly.voip.tenant.directory.Target.By;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallDirectoryTest {
    private final CallDirectory directory = new CallDirectory();

    @Test
    void theShippedFileIsRightAndConnectsNobody() throws Exception {
        directory.replace(Files.readString(Path.of("routes/directory.yaml")), "directory.yaml");

        assertThat(directory.of("acme").targets()).isEmpty();
        assertThat(directory.of(null).transfersPerDay()).isEqualTo(100);
    }

    @Test
    void theExamplesInTheShippedFileAreRight() throws Exception {
        String text = Files.readString(Path.of("routes/directory.yaml"));
        String examples = text.substring(text.indexOf("# tenants:")).replaceAll("(?m)^# ?", "");

        directory.replace(examples, "directory.yaml");

        assertThat(directory.of("acme").targets()).containsOnlyKeys("workshop", "sales");
    }

    @Test
    void aTenantHasItsOwnTargetsAndNoneOfTheOthers() {
        directory.replace("""
                default:
                  targets:
                    - {name: office, to: "sip:office@pbx.example"}
                tenants:
                  - tenant: acme
                    tools: [transfer]
                    tool-runs-per-day: 7
                    tool-spend-per-day: 8
                    transfers-per-day: 9
                    gateway: sip:carrier.example;transport=tcp
                    targets:
                      - name: workshop
                        description: repairs
                        to: +49 (30) 123-456
                        by: refer
                        patience: 10s
                """, "directory.yaml");

        assertThat(directory.of("other").target("office"))
                .contains(new Target("office", "", "sip:office@pbx.example", By.BRIDGE, Duration.ofSeconds(25)));
        TenantRules acme = directory.of("acme");
        assertThat(acme.target("office")).isEmpty();
        assertThat(acme.target("workshop"))
                .contains(new Target(
                        "workshop",
                        "repairs",
                        "sip:+4930123456@carrier.example;transport=tcp",
                        By.REFER,
                        Duration.ofSeconds(10)));
        assertThat(acme.mayUse("transfer")).isTrue();
        assertThat(acme.mayUse("hang_up")).isFalse();
        assertThat(acme.toolRunsPerDay() + acme.toolSpendPerDay() + acme.transfersPerDay())
                .isEqualTo(24);
    }

    @Test
    void everyMistakeIsNamedWithItsLineAndTheFix() {
        assertThatThrownBy(() -> directory.replace("""
                        default:
                          gateway: carrier.example
                          targets:
                            - {name: "Sales Team", to: "sip:a@b"}
                            - {name: a, to: "+4930123456"}
                            - {name: b, to: "sip:x@y>\\r\\nEvil: 1"}
                            - {name: c, to: "sip:x@y?Replaces=1"}
                            - {name: d, to: "sip:x@y", by: attended}
                            - {name: d, to: "sip:x@y", patience: 9h}
                            - {name: e, too: "sip:x@y"}
                          tools: [transfer me]
                        """, "directory.yaml"))
                .isInstanceOf(DirectoryFormatException.class)
                .hasMessageContaining("directory.yaml:2:12  'gateway' must be sip: and a host")
                .hasMessageContaining("directory.yaml:4:")
                .hasMessageContaining("must be small letters, digits and dashes, not 'Sales Team'")
                .hasMessageContaining("directory.yaml:5:")
                .hasMessageContaining("a number needs a 'gateway'")
                .hasMessageContaining("directory.yaml:6:")
                .hasMessageContaining("directory.yaml:7:")
                .hasMessageContaining("not 'sip:x@y?Replaces=1'")
                .hasMessageContaining("'by' must be bridge")
                .hasMessageContaining("'patience' must be at most 2m")
                .hasMessageContaining("target 'd' is there twice")
                .hasMessageContaining("unknown field 'too'")
                .hasMessageContaining("'transfer me' is no tool");
    }

    @Test
    void aMistakeChangesNothingAndAChangeIsTold() {
        AtomicInteger changes = new AtomicInteger();
        directory.watch(changes::incrementAndGet);
        directory.replace("default: {targets: [{name: a, to: \"sip:a@b\"}]}", "directory.yaml");

        assertThatThrownBy(() -> directory.replace("defaults: {}", "directory.yaml"))
                .hasMessageContaining("did you mean 'default'?");

        assertThat(directory.of(null).targets()).containsOnlyKeys("a");
        assertThat(changes).hasValue(1);
    }
}
