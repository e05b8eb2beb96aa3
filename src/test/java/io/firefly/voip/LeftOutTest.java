package io.firefly.voip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;

class LeftOutTest {
    private final List<String> candidates = new ArrayList<>();

    LeftOutTest() {
        ImportCandidates.load(AutoConfiguration.class, LeftOutTest.class.getClassLoader())
                .forEach(candidates::add);
    }

    @Test
    void whatWeNeedStays() {
        assertThat(left())
                .contains(
                        "org.apache.camel.spring.boot.CamelAutoConfiguration",
                        "org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration",
                        // For routes that say transacted.
                        "org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration");
    }

    @Test
    void nothingIsListedThatIsNotThereAnyMore() {
        assertThat(LeftOut.BEGINNINGS)
                .allSatisfy(beginning -> assertThat(candidates).anyMatch(candidate -> candidate.startsWith(beginning)));
    }

    @Test
    void moreThanFortyAreNotAskedAtAll() {
        assertThat(candidates.size() - left().size()).isGreaterThan(40);
    }

    private List<String> left() {
        boolean[] wanted = new LeftOut().match(candidates.toArray(String[]::new), null);
        List<String> left = new ArrayList<>();
        for (int i = 0; i < wanted.length; i++) if (wanted[i]) left.add(candidates.get(i));
        return left;
    }
}
