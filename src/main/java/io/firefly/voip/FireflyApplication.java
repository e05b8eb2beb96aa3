package io.firefly.voip;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the exchange. The short verbs of the command line ({@code call}) never get here: see {@link Cli}. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class FireflyApplication {
    public static void main(String[] args) {
        if (Cli.takes(args)) {
            System.exit(Cli.run(args));
        }
        try {
            SpringApplication.run(FireflyApplication.class, args);
        } catch (RuntimeException refused) {
            // Spring has said why. A library's thread that stayed must not keep the process up.
            System.exit(1);
        }
    }
}
