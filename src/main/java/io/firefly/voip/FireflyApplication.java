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
        SpringApplication.run(FireflyApplication.class, args);
    }
}
